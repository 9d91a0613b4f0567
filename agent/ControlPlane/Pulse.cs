namespace Dweb.Agent.ControlPlane;

/// <summary>When one that wants to hear this agent is told next: as often as it asked, and never while its answer to the last time is still to come.</summary>
/// <param name="configured">Replaces what it asks for; null for none.</param>
internal sealed class Pulse(TimeSpan? configured, TimeProvider time)
{
    private const int LeastMs = 200;
    private const int MostMs = 60_000;

    // So much of an interval may be missing: those that asked for the same are told at the same moment.
    private const int Tolerance = 20;
    private static readonly TimeSpan UntilAsked = TimeSpan.FromSeconds(1);

    private long intervalTicks = (configured ?? UntilAsked).Ticks;
    private long? last;
    private Task underWay = Task.CompletedTask;

    /// <summary>Until it is its turn again.</summary>
    public TimeSpan Left => last is { } at && Interval - time.GetElapsedTime(at) is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private TimeSpan Interval => TimeSpan.FromTicks(Interlocked.Read(ref intervalTicks));

    /// <summary>Takes what it answered; the bounds are 200 ms and a minute.</summary>
    public void Ask(int intervalMs) =>
        Interlocked.Exchange(ref intervalTicks, (configured ?? TimeSpan.FromMilliseconds(Math.Clamp(intervalMs, LeastMs, MostMs))).Ticks);

    /// <summary>Tells it if it is its turn, without waiting for the answer; of one that still owes an answer the turn passes.</summary>
    public async Task BeatAsync(Func<Task> tell)
    {
        if (Left > Interval / Tolerance)
        {
            return;
        }

        last = time.GetTimestamp();
        if (underWay.IsCompleted)
        {
            await underWay;
            underWay = tell();
        }
    }
}
