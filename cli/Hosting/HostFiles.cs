namespace Dweb.Cli.Hosting;

/// <summary>Where a host's agent has its settings, its key and what it remembers.</summary>
/// <param name="ConfigFolder">Absolute, as <paramref name="DataFolder"/>.</param>
internal sealed record HostFiles(string ConfigFolder, string DataFolder)
{
    public const string UsualConfigFolder = "/etc/dweb";
    public const string UsualDataFolder = "/var/lib/dweb";

    public string Settings => Path.Combine(ConfigFolder, "agent.json");

    public string Deployment => Path.Combine(ConfigFolder, "deployment.json");

    public string Keystore => Path.Combine(ConfigFolder, "agent-key.json");

    public string Password => Path.Combine(ConfigFolder, "agent-password");
}
