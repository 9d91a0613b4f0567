namespace Dweb.Functions.Hosting;

/// <summary>
/// The machine's clock, but for its steps back: what was later stays later for as long as the process lives. Timers that are due at a time would wait for as long
/// as the clock went back, and agents whose offset follows the clock would sign before this process started, which it does not take. A step ahead is taken over.
/// </summary>
internal sealed class ForwardTime(TimeProvider machine) : TimeProvider
{
    private readonly Lock gate = new();
    private DateTimeOffset shown = machine.GetUtcNow();
    private long at = machine.GetTimestamp();

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => machine.CreateTimer(callback, state, dueTime, period);

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            // In this order: a process that is kept waiting between the two must not run ahead by it.
            var told = machine.GetUtcNow();
            long stamp = machine.GetTimestamp();
            var counted = shown + machine.GetElapsedTime(at, stamp);
            (shown, at) = (told > counted ? told : counted, stamp);
            return shown;
        }
    }
}
