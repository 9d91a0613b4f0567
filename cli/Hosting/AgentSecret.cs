using System.Security.Cryptography;
using Dweb.Chain.Keystores;
using Dweb.Chain.Signing;
using Dweb.Cli.Home;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Hosting;

/// <summary>
/// The agent's key: a keystore beside a file with its password, both readable by their owner only. The password is random, so that nothing is gained by a
/// derivation that slows every start.
/// </summary>
internal sealed class AgentSecret(HostFiles files)
{
    private const int PasswordBytes = 32;

    /// <returns>Null where there is no keystore.</returns>
    /// <exception cref="DwebException">There is one, and it does not open.</exception>
    public PrivateKey? Find()
    {
        if (!File.Exists(files.Keystore))
        {
            return null;
        }

        if (!File.Exists(files.Password))
        {
            throw new DwebException(
                Catalogue.PasswordNeeded, $"There is an agent's key in {files.Keystore} and no {files.Password} to open it. Put its password there, or move the key away for a new one.");
        }

        try
        {
            return KeystoreV3.Decrypt(File.ReadAllText(files.Keystore), File.ReadAllText(files.Password).TrimEnd('\r', '\n'));
        }
        catch (KeystoreException fault)
        {
            var error = fault.Fault == KeystoreFault.WrongPassword ? Catalogue.WrongPassword : Catalogue.InvalidSetting;
            throw new DwebException(error, $"{files.Keystore}: {fault.Message}", inner: fault);
        }
    }

    /// <summary>The password first: a keystore that nobody can open would be in the way.</summary>
    public PrivateKey Make()
    {
        if (!File.Exists(files.Password))
        {
            PrivateFile.Write(files.Password, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes)) + "\n", replace: false);
        }

        var key = PrivateKey.Create();
        PrivateFile.Write(files.Keystore, KeystoreV3.Encrypt(key, File.ReadAllText(files.Password).TrimEnd('\r', '\n'), KeystoreStrength.Light), replace: false);
        return key;
    }
}
