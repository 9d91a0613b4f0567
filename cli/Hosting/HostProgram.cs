using System.ComponentModel;
using System.Diagnostics;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Hosting;

/// <param name="Text">What it said, on either stream.</param>
internal sealed record ProgramResult(int Code, string Text);

/// <summary>Runs programs of the host to their end.</summary>
internal static class HostProgram
{
    /// <returns>Code and words; a program that cannot be started has code 127, as a shell says it.</returns>
    public static async Task<ProgramResult> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ProgramResult(process.ExitCode, (await output + await errors).Trim());
        }
        catch (Win32Exception missing)
        {
            return new ProgramResult(127, $"{program}: {missing.Message}");
        }
    }

    /// <summary>With this program's own streams: what it says goes where our words go.</summary>
    /// <exception cref="DwebException">It cannot be started.</exception>
    public static async Task<int> PassAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode;
        }
        catch (Win32Exception missing)
        {
            throw new DwebException(Catalogue.AgentMissing, $"{program} cannot be run: {missing.Message}", inner: missing);
        }
    }
}
