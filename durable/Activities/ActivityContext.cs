namespace Dweb.Durable;

/// <summary>Which call an activity is running for. Instance and task id together name its effect, so that a second run can recognise the first.</summary>
public sealed record ActivityContext(string InstanceId, string Name, int TaskId);

/// <summary>What an activity ended with: JSON text, or why it failed.</summary>
public sealed record ActivityOutcome(string? ResultJson, FailureDetails? Failure);

/// <summary>Runs one activity; the shape of <see cref="ActivityWorker.ExecuteAsync"/>.</summary>
public delegate Task<ActivityOutcome> ActivityDispatcher(string name, string instanceId, int taskId, string? inputJson, CancellationToken ct);
