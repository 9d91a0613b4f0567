using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Dweb.Functions.Tests.Stack;

/// <summary>A process that a fixture started, and stops by its id.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int LastLines = 400;
    private const int Terminate = 15;
    private readonly Process process;
    private readonly Queue<string> output = new();

    public ChildProcess(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool HasExited => process.HasExited;

    public string Output
    {
        get
        {
            lock (output)
            {
                return string.Join('\n', output);
            }
        }
    }

    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    public void Stop() => _ = Signal(process.Id, Terminate);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Stop();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    /// <summary>Waits until something listens on a port of this machine.</summary>
    public async Task WaitForPortAsync(int port, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(30, cancellationToken);
            }
            catch (SocketException refused)
            {
                throw new InvalidOperationException($"{process.StartInfo.FileName} ended with {process.ExitCode}:\n{Output}", refused);
            }
        }
    }

    private void Keep(string? line)
    {
        lock (output)
        {
            if (line is not null)
            {
                output.Enqueue(line);
                if (output.Count > LastLines)
                {
                    output.Dequeue();
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
