namespace Dweb.Local.Processes;

/// <summary>How a process is ended: asked first, and not asked any more after its time is over.</summary>
internal static class Ending
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends a process that leads its group. Returns false when it had to be killed.</summary>
    public static async Task<bool> End(ProcessId process, TimeSpan patience, CancellationToken stop)
    {
        if (process.IsRunning)
        {
            Signals.Ask(process);
        }

        if (await Ended(process, patience, stop))
        {
            return true;
        }

        Signals.EndGroup(process);
        await Ended(process, patience, stop);
        return false;
    }

    private static async Task<bool> Ended(ProcessId process, TimeSpan patience, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (process.IsRunning)
        {
            if (TimeProvider.System.GetElapsedTime(started) > patience)
            {
                return false;
            }

            await Task.Delay(Poll, stop);
        }

        return true;
    }
}
