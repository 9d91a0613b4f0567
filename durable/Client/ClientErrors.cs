namespace Dweb.Durable;

/// <summary>An instance's id is taken by something else, or the instance is in a state that does not allow the request.</summary>
public sealed class OrchestrationConflictException(string instanceId, string reason) : Exception($"Orchestration '{instanceId}': {reason}")
{
    /// <summary>The instance in question.</summary>
    public string InstanceId { get; } = instanceId;
}

/// <summary>There is no instance of that id.</summary>
public sealed class OrchestrationNotFoundException(string instanceId) : Exception($"There is no orchestration '{instanceId}'.")
{
    /// <summary>The id that was asked for.</summary>
    public string InstanceId { get; } = instanceId;
}

/// <summary>The instance has ended and takes no events.</summary>
public sealed class OrchestrationEndedException(string instanceId, OrchestrationStatus status)
    : Exception($"Orchestration '{instanceId}' has ended ({status}) and takes no events.")
{
    /// <summary>The instance in question.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>How it ended.</summary>
    public OrchestrationStatus Status { get; } = status;
}
