namespace Dweb.Testing;

/// <summary>A machine whose wall clock can be set: time that only passes goes on as it did.</summary>
internal sealed class SettableClock(DateTimeOffset start) : TimeProvider
{
    private TimeSpan passed;
    private TimeSpan set;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => passed.Ticks;

    public override DateTimeOffset GetUtcNow() => start + passed + set;

    public void Pass(TimeSpan time) => passed += time;

    /// <summary>Ahead, or back.</summary>
    public void Step(TimeSpan by) => set += by;
}
