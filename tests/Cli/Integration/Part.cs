using System.Diagnostics;
using System.Globalization;

namespace Dweb.Cli.Tests.Integration;

/// <summary>A real server for the time of a test; ended by its own id.</summary>
internal sealed class Part : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> output = [];

    private Part(Process process) => this.process = process;

    public static Part Start(string program, params string[] arguments)
    {
        var part = new Part(new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true },
        });
        part.process.OutputDataReceived += (_, line) => part.Keep(line.Data);
        part.process.ErrorDataReceived += (_, line) => part.Keep(line.Data);
        part.process.Start();
        part.process.BeginOutputReadLine();
        part.process.BeginErrorReadLine();
        return part;
    }

    /// <summary>Asks until the part answers; says what it said when it ends instead.</summary>
    public async Task WaitAsync(Func<CancellationToken, Task> ask)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                await ask(limit.Token);
                return;
            }
            catch (Exception unreachable) when (unreachable is HttpRequestException or Dweb.Chain.Rpc.RpcUnavailableException)
            {
                if (process.HasExited)
                {
                    throw new InvalidOperationException($"{process.StartInfo.FileName} ended: {string.Join('\n', output)}", unreachable);
                }

                await Task.Delay(50, limit.Token);
            }
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
            if (line is not null && output.Count < 200)
            {
                output.Add(line);
            }
        }
    }
}
