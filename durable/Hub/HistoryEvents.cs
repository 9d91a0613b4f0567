using Dweb.Durable.Wire;
using Google.Protobuf.WellKnownTypes;

namespace Dweb.Durable.Hub;

/// <summary>Makes the events that a hub writes.</summary>
internal static class HistoryEvents
{
    private const int NoId = -1;

    public static HistoryEvent TurnStarted(DateTimeOffset at) => At(at, new HistoryEvent { EventId = NoId, OrchestratorStarted = new() });

    public static HistoryEvent TurnCompleted(DateTimeOffset at) => At(at, new HistoryEvent { EventId = NoId, OrchestratorCompleted = new() });

    public static HistoryEvent Started(DateTimeOffset at, string instanceId, string name, string? input, string executionId, ParentInstanceInfo? parent, string? version = null) => At(at, new HistoryEvent
    {
        EventId = NoId,
        ExecutionStarted = new()
        {
            Name = name,
            Version = version,
            Input = input,
            OrchestrationInstance = new() { InstanceId = instanceId, ExecutionId = executionId },
            ParentInstance = parent,
        },
    });

    public static HistoryEvent Activity(DateTimeOffset at, int taskId, ActivityOutcome outcome) => At(at, outcome.Failure is { } failure
        ? new HistoryEvent { EventId = NoId, TaskFailed = new() { TaskScheduledId = taskId, FailureDetails = Failures.ToWire(failure) } }
        : new HistoryEvent { EventId = NoId, TaskCompleted = new() { TaskScheduledId = taskId, Result = outcome.ResultJson } });

    public static HistoryEvent TimerFired(DateTimeOffset at, DueTimer timer) =>
        At(at, new HistoryEvent { EventId = NoId, TimerFired = new() { TimerId = timer.TimerId, FireAt = timer.FireAt.ToTimestamp() } });

    public static HistoryEvent Raised(DateTimeOffset at, string name, string? input) =>
        At(at, new HistoryEvent { EventId = NoId, EventRaised = new() { Name = name, Input = input } });

    public static HistoryEvent Terminated(DateTimeOffset at, string? reason) =>
        At(at, new HistoryEvent { EventId = NoId, ExecutionTerminated = new() { Input = reason, Recurse = true } });

    public static HistoryEvent Suspended(DateTimeOffset at, string? reason) => At(at, new HistoryEvent { EventId = NoId, ExecutionSuspended = new() { Input = reason } });

    public static HistoryEvent Resumed(DateTimeOffset at, string? reason) => At(at, new HistoryEvent { EventId = NoId, ExecutionResumed = new() { Input = reason } });

    public static HistoryEvent Rewound(DateTimeOffset at, string? reason) => At(at, new HistoryEvent { EventId = NoId, ExecutionRewound = new() { Reason = reason } });

    public static HistoryEvent ChildEnded(DateTimeOffset at, int taskId, ExecutionCompletedEvent end) => At(at, end.Status == WireStatus.Completed
        ? new HistoryEvent { EventId = NoId, SubOrchestrationCompleted = new() { TaskScheduledId = taskId, Result = end.Result } }
        : ChildFailed(at, taskId, end.FailureDetails ?? Failures.ToWire(new FailureDetails("Terminated", $"The sub-orchestration ended as {end.Status}: {end.Result}"))));

    public static HistoryEvent ChildFailed(DateTimeOffset at, int taskId, WireFailure failure) =>
        At(at, new HistoryEvent { EventId = NoId, SubOrchestrationFailed = new() { TaskScheduledId = taskId, FailureDetails = failure } });

    /// <summary>What history keeps of an action.</summary>
    public static HistoryEvent FromAction(DateTimeOffset at, OrchestratorAction action) => At(at, action.KindCase switch
    {
        OrchestratorAction.KindOneofCase.ScheduleTask => new HistoryEvent
        {
            EventId = action.Id,
            TaskScheduled = new() { Name = action.ScheduleTask.Name, Version = action.ScheduleTask.Version, Input = action.ScheduleTask.Input },
        },
        OrchestratorAction.KindOneofCase.CreateSubOrchestration => new HistoryEvent
        {
            EventId = action.Id,
            SubOrchestrationCreated = new()
            {
                InstanceId = action.CreateSubOrchestration.InstanceId,
                Name = action.CreateSubOrchestration.Name,
                Version = action.CreateSubOrchestration.Version,
                Input = action.CreateSubOrchestration.Input,
            },
        },
        OrchestratorAction.KindOneofCase.CreateTimer => new HistoryEvent { EventId = action.Id, TimerCreated = new() { FireAt = action.CreateTimer.FireAt } },
        OrchestratorAction.KindOneofCase.SendEvent => new HistoryEvent
        {
            EventId = action.Id,
            EventSent = new() { InstanceId = action.SendEvent.Instance.InstanceId, Name = action.SendEvent.Name, Input = action.SendEvent.Data },
        },
        OrchestratorAction.KindOneofCase.CompleteOrchestration => new HistoryEvent
        {
            EventId = action.Id,
            ExecutionCompleted = new()
            {
                Status = action.CompleteOrchestration.OrchestrationStatus,
                Result = action.CompleteOrchestration.Result,
                FailureDetails = action.CompleteOrchestration.FailureDetails,
            },
        },
        _ => throw new InvalidOperationException($"The worker asked for '{action.KindCase}', which this hub does not know."),
    });

    private static HistoryEvent At(DateTimeOffset at, HistoryEvent e)
    {
        e.Timestamp = at.ToTimestamp();
        return e;
    }
}
