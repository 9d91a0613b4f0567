namespace Dweb.Durable;

/// <summary>Thrown into an orchestrator when an activity or a sub-orchestration it awaits has failed for good.</summary>
public sealed class TaskFailedException(string taskName, int taskId, FailureDetails failure)
    : Exception($"Task '{taskName}' (#{taskId}) failed: {failure.Message}")
{
    /// <summary>Name of the activity or sub-orchestration.</summary>
    public string TaskName { get; } = taskName;

    /// <summary>Its action id inside the orchestration.</summary>
    public int TaskId { get; } = taskId;

    /// <summary>What it failed with.</summary>
    public FailureDetails Failure { get; } = failure;
}
