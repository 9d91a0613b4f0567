namespace Dweb.Durable;

/// <summary>Starts, addresses and queries orchestrations, whichever engine runs them.</summary>
public interface IOrchestrationClient
{
    /// <summary>Starts an instance. With the id, name and input of one that exists (ended or not) it succeeds without effect.</summary>
    /// <exception cref="OrchestrationConflictException">The id is taken by another orchestration or another input.</exception>
    Task StartAsync<TIn, TOut>(OrchestrationDefinition<TIn, TOut> orchestration, string instanceId, TIn input, CancellationToken ct);

    /// <summary>Returns once the event is stored in the instance's inbox. The same <paramref name="eventId"/> again has no effect.</summary>
    /// <exception cref="OrchestrationNotFoundException">There is no such instance.</exception>
    /// <exception cref="OrchestrationEndedException">The instance has ended and takes no events.</exception>
    Task RaiseEventAsync<T>(string instanceId, EventDefinition<T> e, T payload, string eventId, CancellationToken ct);

    /// <summary>The instance's state, or null where there is no such instance.</summary>
    Task<OrchestrationState?> GetAsync(string instanceId, CancellationToken ct);

    /// <summary>The instance with what it did in its present generation and what it waits for; null where there is no such instance.</summary>
    Task<OrchestrationTimeline?> GetTimelineAsync(string instanceId, CancellationToken ct);

    /// <summary>All instances that match, in no promised order. Inputs and outputs above 16,384 characters are left out.</summary>
    IAsyncEnumerable<OrchestrationState> ListAsync(OrchestrationQuery query, CancellationToken ct);

    /// <summary>A page of the instances that match, of 1 to 1,000; the last one may be empty.</summary>
    Task<OrchestrationPage> ListPageAsync(OrchestrationQuery query, int pageSize, string? continuation, CancellationToken ct);

    /// <summary>Ends an instance and its open sub-orchestrations; without effect on one that has ended.</summary>
    /// <exception cref="OrchestrationNotFoundException">There is no such instance.</exception>
    Task TerminateAsync(string instanceId, string? reason, CancellationToken ct);

    /// <summary>Stops progress; what arrives is kept for <see cref="ResumeAsync"/>.</summary>
    /// <exception cref="OrchestrationNotFoundException">There is no such instance.</exception>
    /// <exception cref="OrchestrationEndedException">The instance has ended.</exception>
    Task SuspendAsync(string instanceId, string? reason, CancellationToken ct);

    /// <summary>Lets a suspended instance go on.</summary>
    /// <exception cref="OrchestrationNotFoundException">There is no such instance.</exception>
    /// <exception cref="OrchestrationEndedException">The instance has ended.</exception>
    Task ResumeAsync(string instanceId, string? reason, CancellationToken ct);

    /// <summary>Forgets an instance that has ended; its id may be used again. Without effect where there is none.</summary>
    /// <exception cref="OrchestrationConflictException">The instance has not ended.</exception>
    Task PurgeAsync(string instanceId, CancellationToken ct);

    /// <summary>Forgets all instances that match and have ended; gives their number. Those that have not are left alone.</summary>
    Task<int> PurgeAsync(OrchestrationQuery query, CancellationToken ct);

    /// <summary>
    /// Takes a failed instance back to before its failure and lets it go on: failed activities run again, failed sub-orchestrations are rewound too,
    /// and what had succeeded stays. Returns when the instance runs.
    /// </summary>
    /// <exception cref="OrchestrationNotFoundException">There is no such instance.</exception>
    /// <exception cref="OrchestrationConflictException">The instance has not failed, or its worker cannot rewind it.</exception>
    Task RewindAsync(string instanceId, string? reason, CancellationToken ct);

    /// <summary>Completes when the instance has ended.</summary>
    /// <exception cref="OrchestrationNotFoundException">There is no such instance.</exception>
    Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken ct);
}
