using Microsoft.Extensions.Logging;

namespace Dweb.Durable;

/// <summary>
/// All that an orchestrator may use of the world. An orchestrator is replayed from its history, so it must come to the same
/// calls each time: it takes time, ids and randomness from here, awaits only tasks from here, and does no I/O of its own.
/// </summary>
public abstract class OrchestrationContext
{
    /// <summary>Id of the running instance.</summary>
    public abstract string InstanceId { get; }

    /// <summary>Id of the instance that started this one as a sub-orchestration, or null.</summary>
    public abstract string? ParentInstanceId { get; }

    /// <summary>The version that this generation of the instance was started with, or null; it does not change while the code does.</summary>
    public abstract string? Version { get; }

    /// <summary>True while the code repeats what is already in the history.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>When the current work item started (UTC); the same on each replay.</summary>
    public abstract DateTimeOffset CurrentUtc { get; }

    /// <summary>Runs an activity.</summary>
    /// <exception cref="TaskFailedException">It failed and the policy allows no other attempt.</exception>
    public abstract Task<TOut> CallAsync<TIn, TOut>(ActivityDefinition<TIn, TOut> activity, TIn input, RetryPolicy? retry = null);

    /// <summary>Runs another orchestration as a child; without an id the child gets one that is unique to this call and generation.</summary>
    /// <exception cref="TaskFailedException">It failed or was terminated and the policy allows no other attempt.</exception>
    public abstract Task<TOut> CallSubOrchestrationAsync<TIn, TOut>(
        OrchestrationDefinition<TIn, TOut> orchestration, TIn input, string? instanceId = null, RetryPolicy? retry = null);

    /// <summary>Completes when <paramref name="delay"/> (0 or more) has passed since <see cref="CurrentUtc"/>.</summary>
    public Task CreateTimerAsync(TimeSpan delay, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return CreateTimerAsync(CurrentUtc + delay, ct);
    }

    /// <summary>Completes at <paramref name="fireAt"/>, at once where that has passed; survives restarts. Of any length.</summary>
    public abstract Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken ct = default);

    /// <summary>Completes with the next event of that name: one that is already buffered, or one that arrives. Waiters are served in order.</summary>
    public abstract Task<T> WaitForEventAsync<T>(EventDefinition<T> e, CancellationToken ct = default);

    /// <summary>The same, but gives up after <paramref name="timeout"/> (0 or more, measured by a durable timer).</summary>
    public abstract Task<EventOrTimeout<T>> WaitForEventAsync<T>(EventDefinition<T> e, TimeSpan timeout, CancellationToken ct = default);

    /// <summary>Sends an event to another instance; one that does not exist or has ended drops it.</summary>
    public abstract void SendEvent<T>(string instanceId, EventDefinition<T> e, T payload);

    /// <summary>Sets what queries show beside the status: JSON text of at most 16,384 characters, or null for none.</summary>
    public abstract void SetCustomStatus(string? json);

    /// <summary>When the orchestrator returns, its instance starts again with this input and an empty history.</summary>
    /// <param name="keepEvents">Carry over events that were buffered and not awaited; otherwise they are dropped.</param>
    /// <param name="newVersion">The version of the next generation; null to keep the present one.</param>
    /// <exception cref="ArgumentException"><typeparamref name="TIn"/> is not the input type of the running orchestration.</exception>
    public abstract void ContinueAsNew<TIn>(TIn input, bool keepEvents = true, string? newVersion = null);

    /// <summary>
    /// Whether this instance runs the code behind <paramref name="patchName"/>: true for one that first comes here with the call in place, and recorded
    /// in its history; false for one that had passed here before the call was written. The first answer holds for the whole generation.
    /// Keep the call in the code while instances that have recorded it live.
    /// </summary>
    public abstract bool IsPatched(string patchName);

    /// <summary>A GUID that is the same on each replay and unique to this call.</summary>
    public abstract Guid NewGuid();

    /// <summary>Random numbers that are the same on each replay: one sequence per generation, on this runtime and on the next.</summary>
    public abstract Random Random { get; }

    /// <summary>A logger that is silent while the orchestrator replays.</summary>
    public abstract ILogger CreateReplaySafeLogger(ILogger inner);
}
