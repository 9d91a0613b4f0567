using Dweb.Durable.Wire;
using Kind = Dweb.Durable.Wire.HistoryEvent.KindOneofCase;

namespace Dweb.Durable.Hub;

/// <summary>Tells a generation's history as steps: each request is joined with what came of it.</summary>
internal sealed class TimelineBuilder
{
    private readonly List<TimelineStep> _steps = [];
    private readonly Dictionary<int, int> _indexOfTask = [];

    public static IReadOnlyList<TimelineStep> Build(IEnumerable<HistoryEvent> history)
    {
        var builder = new TimelineBuilder();
        foreach (var e in history)
        {
            builder.Take(e);
        }
        return TimelineAttempts.Number(builder._steps);
    }

    private void Take(HistoryEvent e)
    {
        switch (e.KindCase)
        {
            case Kind.TaskScheduled:
                Ask(e, StepKind.Activity, e.TaskScheduled.Name, e.TaskScheduled.Input);
                break;
            case Kind.SubOrchestrationCreated:
                Ask(e, StepKind.SubOrchestration, e.SubOrchestrationCreated.Name, e.SubOrchestrationCreated.Input, e.SubOrchestrationCreated.InstanceId);
                break;
            case Kind.TimerCreated:
                Open(new TimelineStep(StepKind.Timer, "", e.EventId, At(e), null, StepOutcome.Pending) { DueAt = e.TimerCreated.FireAt.ToDateTimeOffset() });
                break;
            case Kind.TaskCompleted:
                End(e, e.TaskCompleted.TaskScheduledId, e.TaskCompleted.Result, null);
                break;
            case Kind.TaskFailed:
                End(e, e.TaskFailed.TaskScheduledId, null, e.TaskFailed.FailureDetails);
                break;
            case Kind.SubOrchestrationCompleted:
                End(e, e.SubOrchestrationCompleted.TaskScheduledId, e.SubOrchestrationCompleted.Result, null);
                break;
            case Kind.SubOrchestrationFailed:
                End(e, e.SubOrchestrationFailed.TaskScheduledId, null, e.SubOrchestrationFailed.FailureDetails);
                break;
            case Kind.TimerFired:
                End(e, e.TimerFired.TimerId, null, null);
                break;
            case Kind.EventSent:
                Happened(e, StepKind.EventSent, e.EventSent.Name, e.EventSent.Input, e.EventSent.InstanceId);
                break;
            case Kind.EventRaised:
                Happened(e, StepKind.EventReceived, e.EventRaised.Name, e.EventRaised.Input);
                break;
            case Kind.ExecutionSuspended:
                Happened(e, StepKind.Suspended, "", e.ExecutionSuspended.Input);
                break;
            case Kind.ExecutionResumed:
                Happened(e, StepKind.Resumed, "", e.ExecutionResumed.Input);
                break;
            case Kind.ExecutionTerminated:
                Happened(e, StepKind.Terminated, "", e.ExecutionTerminated.Input);
                break;
            case Kind.ExecutionRewound:
                Happened(e, StepKind.Rewound, "", e.ExecutionRewound.Reason);
                break;
        }
    }

    private void Ask(HistoryEvent e, StepKind kind, string name, string? input, string? child = null) =>
        Open(new TimelineStep(kind, name, e.EventId, At(e), null, StepOutcome.Pending) { Input = input, OtherInstanceId = child });

    private void Open(TimelineStep step)
    {
        // After a rewind a number is asked for again.
        _indexOfTask[step.TaskId!.Value] = _steps.Count;
        _steps.Add(step);
    }

    private void End(HistoryEvent e, int taskId, string? output, WireFailure? failure)
    {
        // A second completion, and one of an unknown number, changed nothing when it came.
        if (_indexOfTask.TryGetValue(taskId, out var index) && _steps[index].Outcome == StepOutcome.Pending)
        {
            _steps[index] = _steps[index] with
            {
                To = At(e),
                Outcome = failure is null ? StepOutcome.Done : StepOutcome.Failed,
                Output = output,
                Failure = failure is null ? null : Failures.FromWire(failure),
            };
        }
    }

    private void Happened(HistoryEvent e, StepKind kind, string name, string? text, string? other = null) =>
        _steps.Add(new TimelineStep(kind, name, null, At(e), At(e), StepOutcome.Done) { Output = text, OtherInstanceId = other });

    private static DateTimeOffset At(HistoryEvent e) => e.Timestamp.ToDateTimeOffset();
}
