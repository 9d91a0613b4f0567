using Dweb.Durable;

namespace Dweb.Functions.Orchestrations;

/// <summary>How orchestrations bear with what is away or full: nothing is given up for an outage, and nobody is asked without a pause.</summary>
internal static class Persistence
{
    /// <summary>Tries after which an orchestration begins a new history.</summary>
    public const int MostTries = 100;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Of activities: chain or storage may be away for a while; nothing dies of it before its own time is over.</summary>
    public static RetryPolicy ThroughOutages { get; } = new(maxAttempts: 100, TimeSpan.FromMilliseconds(200))
    {
        BackoffCoefficient = 2,
        MaxInterval = TimeSpan.FromSeconds(15),
    };

    /// <summary>A second longer each time, 30 s at most.</summary>
    /// <param name="tries">So far, from 1.</param>
    public static TimeSpan PauseAfter(int tries) => TimeSpan.FromSeconds(Math.Min(tries, LongestPause.TotalSeconds));
}
