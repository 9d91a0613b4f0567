using System.Globalization;
using System.Text;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Signing;

/// <summary>The digest of a message that a person signs in a wallet (EIP-191 version 0x45, <c>personal_sign</c>).</summary>
public static class Eip191
{
    /// <summary>Hash of the UTF-8 bytes of a text; the length in the prefix counts bytes, not characters.</summary>
    public static Hash32 HashMessage(string message) => HashMessage(Encoding.UTF8.GetBytes(message));

    public static Hash32 HashMessage(ReadOnlySpan<byte> message)
    {
        string prefix = "\x19" + "Ethereum Signed Message:\n" + message.Length.ToString(CultureInfo.InvariantCulture);
        byte[] head = Encoding.UTF8.GetBytes(prefix);
        return Keccak256.Hash([.. head, .. message]);
    }
}
