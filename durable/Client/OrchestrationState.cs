namespace Dweb.Durable;

/// <summary>Where an instance stands. The numbers are those of the wire.</summary>
public enum OrchestrationStatus
{
    Running = 0,
    Completed = 1,
    ContinuedAsNew = 2,
    Failed = 3,
    Canceled = 4,
    Terminated = 5,
    Pending = 6,
    Suspended = 7,
}

/// <summary>What a query shows of one instance. Input, output and custom status are JSON text.</summary>
public sealed record OrchestrationState(
    string InstanceId,
    string Name,
    OrchestrationStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? Input,
    string? Output,
    string? CustomStatus,
    FailureDetails? Failure)
{
    /// <summary>The version that the instance's present generation was started with; null for none.</summary>
    public string? Version { get; init; }

    /// <summary>True when the instance will never run again.</summary>
    public bool IsTerminal => Status.IsTerminal();
}

/// <summary>Which statuses are final.</summary>
public static class OrchestrationStatusRules
{
    /// <summary>Completed, failed, cancelled or terminated.</summary>
    public static bool IsTerminal(this OrchestrationStatus status) => status
        is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Canceled or OrchestrationStatus.Terminated;
}

/// <summary>Which instances a list is to contain; what is null does not restrict it.</summary>
public sealed record OrchestrationQuery
{
    /// <summary>Only orchestrations of this name.</summary>
    public string? Name { get; init; }

    /// <summary>Only instances in one of these statuses.</summary>
    public IReadOnlyCollection<OrchestrationStatus>? Statuses { get; init; }

    /// <summary>Only instances whose id starts with this.</summary>
    public string? InstanceIdPrefix { get; init; }

    /// <summary>Only instances created at this time or later.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Only instances created before this time.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Only instances that last changed before this time; of ended ones that is when they ended.</summary>
    public DateTimeOffset? UpdatedBefore { get; init; }

    internal bool Includes(OrchestrationState state) =>
        (Name is null || string.Equals(state.Name, Name, StringComparison.Ordinal))
        && (Statuses is null || Statuses.Contains(state.Status))
        && (InstanceIdPrefix is null || state.InstanceId.StartsWith(InstanceIdPrefix, StringComparison.Ordinal))
        && (CreatedFrom is null || state.CreatedAt >= CreatedFrom)
        && (CreatedBefore is null || state.CreatedAt < CreatedBefore)
        && (UpdatedBefore is null || state.UpdatedAt < UpdatedBefore);
}

/// <summary>One page of a list.</summary>
/// <param name="Continuation">Gives the next page; null after the last one. Opaque, and good for the same query only.</param>
public sealed record OrchestrationPage(IReadOnlyList<OrchestrationState> Items, string? Continuation);
