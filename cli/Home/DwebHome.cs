using System.Text.Json;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Home;

/// <summary>The folder that holds a user's settings, wallets and logins: DWEB_HOME, or .dweb in the home folder.</summary>
internal sealed class DwebHome
{
    public const string Variable = "DWEB_HOME";

    public DwebHome(string folder)
    {
        Folder = folder;
        SecretFolders = [Path.Combine(folder, "wallets"), Path.Combine(folder, "sessions")];
        Wallets = new WalletStore(SecretFolders[0]);
        Logins = new LoginStore(SecretFolders[1]);
    }

    public string Folder { get; }

    /// <summary>Nobody but their owner should read these.</summary>
    public IReadOnlyList<string> SecretFolders { get; }

    public WalletStore Wallets { get; }

    public LoginStore Logins { get; }

    /// <summary>Held while a transaction of this wallet is on its way.</summary>
    public string LockOf(string wallet) => Path.Combine(Folder, "locks", wallet);

    private string SettingsFile => Path.Combine(Folder, "config.json");

    public static DwebHome FromEnvironment()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        return new DwebHome(string.IsNullOrEmpty(named)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dweb")
            : Path.GetFullPath(named));
    }

    /// <summary>The settings file, or empty settings where there is none.</summary>
    /// <exception cref="DwebException">The file is not JSON of this form.</exception>
    public HomeSettings ReadSettings()
    {
        if (!File.Exists(SettingsFile))
        {
            return new HomeSettings();
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(SettingsFile), HomeJson.Default.HomeSettings) ?? new HomeSettings();
        }
        catch (JsonException fault)
        {
            throw new DwebException(Catalogue.InvalidSetting, $"{SettingsFile} cannot be read: {fault.Message}", inner: fault);
        }
    }

    public void WriteSettings(HomeSettings settings) =>
        PrivateFile.Write(SettingsFile, JsonSerializer.Serialize(settings, HomeJson.Default.HomeSettings), replace: true);

    /// <summary>A path of the settings file is relative to the file's folder.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, Folder);
}
