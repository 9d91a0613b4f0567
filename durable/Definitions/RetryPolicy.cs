namespace Dweb.Durable;

/// <summary>How often and how far apart a failed activity or sub-orchestration is tried again. Waiting is done with durable timers.</summary>
public sealed record RetryPolicy
{
    /// <summary>A policy of at most <paramref name="maxAttempts"/> attempts (1 or more, the first included).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one attempt, or a first interval that is not positive.</exception>
    public RetryPolicy(int maxAttempts, TimeSpan firstInterval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstInterval, TimeSpan.Zero);
        MaxAttempts = maxAttempts;
        FirstInterval = firstInterval;
    }

    /// <summary>Attempts in all, the first included.</summary>
    public int MaxAttempts { get; }

    /// <summary>Wait between the first and the second attempt.</summary>
    public TimeSpan FirstInterval { get; }

    /// <summary>Each further wait is this many times the one before; at least 1.</summary>
    public double BackoffCoefficient
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The backoff coefficient must be at least 1.");
    } = 1;

    /// <summary>No wait is longer than this.</summary>
    public TimeSpan MaxInterval
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The longest interval must be positive.");
    } = TimeSpan.FromHours(1);

    /// <summary>No attempt begins later than this after the first; unlimited where it is not set.</summary>
    public TimeSpan? Timeout
    {
        get;
        init => field = value is null || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The timeout of all attempts must be positive.");
    }

    /// <summary>Decides by the failure whether another attempt is made; every failure is retried where it is not set. Must be deterministic;
    /// what it throws is thrown to the caller instead of the failure.</summary>
    public Func<FailureDetails, bool>? Handle { get; init; }

    /// <summary>The wait after the given attempt (1 = the first), or null when there is to be no other.</summary>
    /// <param name="elapsed">Time since the first attempt began.</param>
    internal TimeSpan? DelayAfter(int attempt, FailureDetails failure, TimeSpan elapsed)
    {
        if (attempt >= MaxAttempts || failure.IsNonRetriable || Handle?.Invoke(failure) == false)
        {
            return null;
        }
        var ticks = FirstInterval.Ticks * Math.Pow(BackoffCoefficient, attempt - 1);
        var delay = ticks >= MaxInterval.Ticks ? MaxInterval : TimeSpan.FromTicks((long)ticks);
        return elapsed + delay > Timeout ? null : delay;
    }
}
