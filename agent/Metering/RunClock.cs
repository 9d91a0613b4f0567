using System.Text.Json.Serialization;

namespace Dweb.Agent.Metering;

/// <summary>What the engine says about a container's newest run.</summary>
/// <param name="StartedAt">By the engine's clock; null when it never ran.</param>
/// <param name="Running">Whether that run goes on.</param>
/// <param name="FinishedAt">When the newest run that ended did so.</param>
/// <param name="Restarts">How often the engine restarted the container by its policy.</param>
/// <param name="Now">When it was asked, by the clock that the run began by: no run lasts longer, whatever is told of its end by a clock that was set since.</param>
internal readonly record struct EngineRun(DateTimeOffset? StartedAt, bool Running, DateTimeOffset? FinishedAt, long Restarts, DateTimeOffset Now);

/// <summary>
/// Milliseconds in which a container ran, from the engine's times of start and end, so that they go on counting while the agent is down.
/// Where runs were missed between two observations the shorter time counts: a host is rather paid too little than too much.
/// </summary>
/// <param name="PastMs">Runs that are over.</param>
/// <param name="CurrentMs">The newest run, as far as it was seen.</param>
internal sealed record RunClock(long PastMs, long CurrentMs, DateTimeOffset? StartedAt, long Restarts)
{
    public static RunClock Zero { get; } = new(0, 0, null, 0);

    [JsonIgnore]
    public long TotalMs => PastMs + CurrentMs;

    public RunClock Observe(EngineRun run)
    {
        if (run.StartedAt is not { } started || started < StartedAt)
        {
            return this;
        }

        var clock = started == StartedAt ? this : new RunClock(PastMs + LastRunMs(run, started), 0, started, run.Restarts);
        var until = run.Running ? run.Now : run.FinishedAt is { } end && end >= started ? Earlier(end, run.Now) : started;
        return clock with { CurrentMs = Math.Max(clock.CurrentMs, Milliseconds(until - started)) };
    }

    // The end that the engine tells after one restart is the end of the run that was seen; after several it is another run's.
    private long LastRunMs(EngineRun run, DateTimeOffset nextStart)
    {
        bool wasNext = StartedAt is not null && run.Restarts == Restarts + 1;
        return wasNext && run.FinishedAt is { } end && end >= StartedAt && end <= nextStart
            ? Math.Max(CurrentMs, Milliseconds(end - StartedAt.Value))
            : CurrentMs;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static long Milliseconds(TimeSpan span) => Math.Max(0, span.Ticks / TimeSpan.TicksPerMillisecond);
}
