using System.Diagnostics;
using System.Globalization;

namespace Dweb.Agent.Tests.Support;

/// <summary>A program that a fixture started; ended by its id, politely.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> output = [];

    private RunningProgram(Process process) => this.process = process;

    public int Id => process.Id;

    /// <summary>The last lines it wrote, for messages.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return string.Join('\n', output.TakeLast(40));
            }
        }
    }

    public static RunningProgram Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var running = new RunningProgram(Process.Start(start)!);
        running.process.OutputDataReceived += (_, line) => running.Keep(line.Data);
        running.process.ErrorDataReceived += (_, line) => running.Keep(line.Data);
        running.process.BeginOutputReadLine();
        running.process.BeginErrorReadLine();
        return running;
    }

    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    public async Task UntilAsync(Func<Task<bool>> isReady)
    {
        while (!await isReady())
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{process.StartInfo.FileName} ended with {process.ExitCode}: {Output}");
            }

            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (output)
        {
            if (line is not null)
            {
                output.Add(line);
            }
        }
    }
}

/// <summary>Where the tests find what the repository installs.</summary>
internal static class Repository
{
    public static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "Dweb.Functions.sln")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }
    }

    public static string NodeModules => Environment.GetEnvironmentVariable("DWEB_NPM") is { Length: > 0 } configured
        ? configured
        : Path.Combine(Root, ".dweb", "npm", "node_modules");

    public static string NpmProgram(string name)
    {
        string path = Path.Combine(NodeModules, ".bin", name);
        return File.Exists(path) ? path : throw new InvalidOperationException(
            $"{name} is not at {path}. Run './dweb test', which installs it, or set DWEB_NPM to a node_modules folder that holds it.");
    }
}
