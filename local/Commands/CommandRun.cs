using System.CommandLine;
using System.Runtime.InteropServices;

namespace Dweb.Local.Commands;

/// <summary>How a command ends: its own exit code, 1 with an explanation after a failure, 130 after Ctrl-C.</summary>
internal static class CommandRun
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    /// <summary>Gives a command a body that is asked to end by SIGINT, SIGTERM and SIGHUP, and that cleans up before it does.</summary>
    public static void Runs(this Command command, Func<Workshop, ParseResult, CancellationToken, Task<int>> body) =>
        command.SetAction(async (parsed, _) =>
        {
            using var interrupted = new CancellationTokenSource();
            List<PosixSignalRegistration> signals =
                [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, context =>
                {
                    context.Cancel = true;
                    interrupted.Cancel();
                }))];
            try
            {
                return await Guarded(body, parsed, interrupted.Token);
            }
            finally
            {
                signals.ForEach(s => s.Dispose());
            }
        });

    private static async Task<int> Guarded(Func<Workshop, ParseResult, CancellationToken, Task<int>> body, ParseResult parsed, CancellationToken stop)
    {
        var workshop = Workshop.Open();
        try
        {
            return await body(workshop, parsed, stop);
        }
        catch (LocalException failure)
        {
            workshop.Screen.Failure(failure);
            return Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            workshop.Screen.Plain("Interrupted; everything that was started has been ended.");
            return Interrupted;
        }
    }
}
