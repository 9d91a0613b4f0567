using System.ComponentModel;
using System.Diagnostics;

namespace Dweb.Agent.Machine;

/// <summary>A program of the host that changes what the kernel does for containers.</summary>
internal static class HostTool
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <param name="input">Written to the program; null for none.</param>
    /// <returns>What it wrote to its output.</returns>
    /// <exception cref="HostToolException">It is not installed, ended with another code than 0, or not at all.</exception>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken)
    {
        (int code, string output, string error) = await TryAsync(program, arguments, input, cancellationToken);
        return code == 0 ? output : throw new HostToolException(program, $"'{program} {string.Join(' ', arguments)}' ended with {code}: {error.Trim()}");
    }

    /// <returns>Code, output and errors, whatever the code.</returns>
    /// <exception cref="HostToolException">It is not installed, or did not end.</exception>
    public static async Task<(int Code, string Output, string Error)> TryAsync(
        string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var process = Start(program, arguments);

        // Whoever has taken a stream of a process has to close it.
        using var stdin = process.StandardInput;
        using var stdout = process.StandardOutput;
        using var stderr = process.StandardError;
        try
        {
            var output = stdout.ReadToEndAsync(limit.Token);
            var error = stderr.ReadToEndAsync(limit.Token);
            await stdin.WriteAsync((input ?? "").AsMemory(), limit.Token);
            stdin.Close();
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new HostToolException(program, $"'{program}' did not end within {Limit.TotalSeconds} s.");
        }
        catch (IOException failure)
        {
            // It ended before it had read everything: its own words say why.
            await process.WaitForExitAsync(limit.Token);
            throw new HostToolException(program, $"'{program}' ended with {process.ExitCode} while it was written to.", failure);
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            return Process.Start(start) ?? throw new HostToolException(program, $"'{program}' did not start.");
        }
        catch (Win32Exception failure)
        {
            throw new HostToolException(program, $"'{program}' cannot be run: {failure.Message}", failure);
        }
    }
}
