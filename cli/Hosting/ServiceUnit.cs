using System.Text;

namespace Dweb.Cli.Hosting;

/// <summary>The agent's unit, as infra/systemd has it, with this host's paths in it.</summary>
internal static class ServiceUnit
{
    public const string Name = "dweb-agent.service";

    private const string UsualStart = "ExecStart=/usr/lib/dweb/dweb-agent --config /etc/dweb/agent.json";
    private const string UsualState = "StateDirectory=dweb\nStateDirectoryMode=0700\n";

    // The unit hides these from the agent, or gives it its own.
    private static readonly string[] Hidden = ["/home", "/root", "/run/user", "/tmp", "/var/tmp"];

    /// <returns>The folder above a path that the unit keeps from the agent; null where it sees the path.</returns>
    public static string? HiddenBy(string path) => Hidden.FirstOrDefault(folder => path.StartsWith(folder + "/", StringComparison.Ordinal));

    public static string Render(string agentProgram, HostFiles files)
    {
        string unit = Read().Replace(UsualStart, $"ExecStart={QuoteInCommand(agentProgram)} --config {QuoteInCommand(files.Settings)}", StringComparison.Ordinal);
        return files.DataFolder == HostFiles.UsualDataFolder ? unit : unit.Replace(UsualState, $"ReadWritePaths={Quote(files.DataFolder)}\n", StringComparison.Ordinal);
    }

    private static string Read()
    {
        using var reader = new StreamReader(typeof(ServiceUnit).Assembly.GetManifestResourceStream(Name)!, Encoding.UTF8);
        string unit = reader.ReadToEnd();
        return unit.Contains(UsualStart, StringComparison.Ordinal) && unit.Contains(UsualState, StringComparison.Ordinal)
            ? unit
            : throw new InvalidOperationException($"{Name} has not the lines that a host's paths replace.");
    }

    // Of a command line variables are replaced too.
    private static string QuoteInCommand(string path) => Quote(path).Replace("$", "$$", StringComparison.Ordinal);

    // systemd.syntax(7): within quotes backslash and quote are escaped; a percent sign begins a specifier everywhere.
    private static string Quote(string path)
    {
        string escaped = path.Replace("%", "%%", StringComparison.Ordinal).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return escaped == path && !path.Any(static c => char.IsWhiteSpace(c) || c is '\'' or ';') ? path : $"\"{escaped}\"";
    }
}
