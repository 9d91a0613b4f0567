using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Dweb.Durable.Tests.Fixtures;

/// <summary>A hub in a process of its own, which says when it is at a write, and can be killed or stopped there.</summary>
internal sealed partial class HubProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    /// <param name="locks">Folder of the lock file; null for a hub that has only its lease.</param>
    /// <param name="write">At which it says so and waits; 0 for none.</param>
    public HubProcess(string connection, string hubName, string? locks, string effects, int write = 0, bool afterWriting = false)
    {
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "DurableProcess", "bin", "Release", "net10.0", "Dweb.Durable.Process.dll"));
        var start = new ProcessStartInfo("dotnet", [program, connection, hubName, locks ?? "-", effects, write.ToString(CultureInfo.InvariantCulture), afterWriting ? "after" : "before"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it says next: AT, DONE with the number of its writes, or LOST.</summary>
    /// <exception cref="InvalidOperationException">It ended without a word.</exception>
    public async Task<string> SaysAsync(CancellationToken ct)
    {
        if (await _process.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            return line;
        }
        await _process.WaitForExitAsync(ct);
        throw new InvalidOperationException($"The hub's process ended with {_process.ExitCode}: {await _errors}");
    }

    /// <summary>Lets it go on from the write that it is at.</summary>
    public void GoOn() => _process.StandardInput.WriteLine();

    public async Task KillAsync(CancellationToken ct)
    {
        Signal(9);
        await _process.WaitForExitAsync(ct);
    }

    /// <summary>SIGSTOP: it stands still without knowing.</summary>
    public void Pause() => Signal(19);

    /// <summary>SIGCONT.</summary>
    public void Continue() => Signal(18);

    public async Task<int> ExitsAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Signal(9);
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private void Signal(int number)
    {
        if (SendSignal(_process.Id, number) != 0)
        {
            throw new InvalidOperationException($"Signal {number} could not be sent to process {_process.Id}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
