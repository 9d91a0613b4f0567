using System.Diagnostics;

namespace Dweb.Cli.Tests.Integration;

/// <summary>Where installed and built parts are found.</summary>
internal static class Places
{
    /// <summary>The built program, compiled ahead.</summary>
    public static string Cli { get; } = Path.Combine(Repository(), "cli", "bin", "Release", "net10.0", "ready", "dweb-cli.dll");

    /// <summary>The built agent, by the launcher that starts it.</summary>
    public static string Agent { get; } = Path.Combine(Repository(), "agent", "bin", "Release", "net10.0", "dweb-agent");

    public static string Anvil() => Program("anvil");

    /// <summary>Runs forge in the contracts' folder; it has to succeed.</summary>
    public static async Task ForgeAsync(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Program("forge"), arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = Path.Combine(Repository(), "contracts"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DWEB_NPM"] = Modules();
        start.Environment["FOUNDRY_DISABLE_NIGHTLY_WARNING"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"forge ended with {process.ExitCode}:\n{await output}\n{await errors}");
        }
    }

    private static string Program(string name)
    {
        string path = Path.Combine(Modules(), ".bin", name);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{name} is not at {path}: './dweb test' installs it.");
    }

    private static string Modules()
    {
        string? configured = Environment.GetEnvironmentVariable("DWEB_NPM");
        return string.IsNullOrEmpty(configured) ? Path.Combine(Repository(), ".dweb", "npm", "node_modules") : configured;
    }

    internal static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Dweb.Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
