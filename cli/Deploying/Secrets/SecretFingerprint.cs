using System.Text;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Deploying.Secrets;

/// <summary>
/// Makes a deployment with other secrets another order. An order's salt is public, and a hash of what is secret could be compared with guesses: so it is of a
/// signature that only the wallet can make, always the same one, and that nobody sees.
/// </summary>
internal static class SecretFingerprint
{
    public static Hash32 Of(IReadOnlyDictionary<string, byte[]> contents, PrivateKey wallet)
    {
        var message = new StringBuilder("Dweb secrets");
        foreach (var (name, content) in contents.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            message.Append('\n').Append(name).Append(' ').Append(Keccak256.Hash(content));
        }

        return Keccak256.Hash(wallet.SignDigest(Eip191.HashMessage(message.ToString())).ToArray());
    }
}
