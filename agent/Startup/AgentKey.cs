using Dweb.Agent.Settings;
using Dweb.Chain.Keystores;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Agent.Startup;

/// <summary>Opens the agent's keystore.</summary>
internal static class AgentKey
{
    /// <exception cref="StartupException">Keystore or password file cannot be read, or do not fit.</exception>
    public static PrivateKey Open(AgentSettings settings)
    {
        string keystore = Read(settings.Keystore, "keystore");
        string password = Read(settings.PasswordFile, "passwordFile").TrimEnd('\r', '\n');
        try
        {
            return KeystoreV3.Decrypt(keystore, password);
        }
        catch (KeystoreException failure) when (failure.Fault == KeystoreFault.WrongPassword)
        {
            throw new StartupException(
                Catalogue.WrongPassword, $"The password in '{settings.PasswordFile}' does not open the keystore '{settings.Keystore}'.", Catalogue.WrongPassword.Hint, failure);
        }
        catch (KeystoreException failure)
        {
            throw new StartupException(
                Catalogue.InvalidSetting, $"keystore: '{settings.Keystore}' cannot be opened. {failure.Message}", "Set the path of a keystore of version 3.", failure);
        }
    }

    private static string Read(string path, string setting)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                Catalogue.InvalidSetting, $"{setting}: '{path}' cannot be read: {failure.Message}", "Give the agent's user the right to read it.", failure);
        }
    }
}
