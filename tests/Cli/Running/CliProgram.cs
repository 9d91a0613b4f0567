using System.Diagnostics;
using System.Text.Json;

namespace Dweb.Cli.Tests.Running;

/// <summary>What the program said and how it ended.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Errors)
{
    public JsonElement Json() => JsonDocument.Parse(Output).RootElement.Clone();

    public JsonElement Problem() => JsonDocument.Parse(Errors).RootElement.Clone();
}

/// <summary>The built program with a home folder of its own, run as a user runs it, without a terminal.</summary>
internal sealed class CliProgram : IDisposable
{
    public const string Password = "correct horse";

    public CliProgram()
    {
        Folder = Directory.CreateTempSubdirectory("dweb-cli-").FullName;
        Home = Path.Combine(Folder, "home");
        Directory.CreateDirectory(Home);
        PasswordFile = Write("password", Password + "\n");
    }

    /// <summary>Variables that the program gets beside those of every run.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>For files of a test; the home folder is in it.</summary>
    public string Folder { get; }

    public string Home { get; }

    public string PasswordFile { get; }

    /// <summary>What stands on standard input.</summary>
    public string Input { get; init; } = "";

    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Configure(string? endpoint = null, string? rpc = null, string? registry = null, string? deployment = null)
    {
        string Text(string? value) => value is null ? "null" : JsonEncodedText.Encode(value) is var encoded ? $"\"{encoded}\"" : "";
        File.WriteAllText(
            Path.Combine(Home, "config.json"),
            $$"""{"endpoint":{{Text(endpoint)}},"rpcUrl":{{Text(rpc)}},"registry":{{Text(registry)}},"deploymentFile":{{Text(deployment)}}}""");
    }

    public Task<CliResult> RunAsync(params string[] arguments) => RunAsync(withPassword: true, arguments);

    public async Task<CliResult> RunAsync(bool withPassword, params string[] arguments)
    {
        using var process = Start(withPassword, arguments);
        await process.StandardInput.WriteAsync(Input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CliResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Its streams are the caller's.</summary>
    public Process Start(bool withPassword, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Integration.Places.Cli, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        start.Environment["DWEB_HOME"] = Home;
        start.Environment.Remove("DWEB_WALLET");
        start.Environment.Remove("DWEB_PASSWORD_FILE");
        if (withPassword)
        {
            start.Environment["DWEB_PASSWORD_FILE"] = PasswordFile;
        }

        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
