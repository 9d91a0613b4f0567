namespace Dweb.Durable.Extension;

/// <summary>Tells a history that the extension shows as steps.</summary>
internal static class ExtensionTimeline
{
    public static OrchestrationTimeline Of(ExtensionInstance instance)
    {
        var steps = TimelineAttempts.Number((instance.HistoryEvents ?? []).Select(Step).OfType<TimelineStep>().OrderBy(static step => step.From));
        var state = instance.ToState();
        // The extension tells a failure as a sentence alone; what it failed of is the last step that the sentence quotes.
        var cause = state.Failure is { } failure
            ? steps.LastOrDefault(step => step.Failure is { Message.Length: > 0 } of && failure.Message.Contains(of.Message, StringComparison.Ordinal))?.Failure
            : null;
        return new(cause is null ? state : state with { Failure = state.Failure! with { Inner = cause } }, steps) { CanRewind = false };
    }

    private static TimelineStep? Step(ExtensionEvent e) => e.EventType switch
    {
        "TaskScheduled" => Pending(e, StepKind.Activity),
        "TaskCompleted" => Ended(e, StepKind.Activity),
        "TaskFailed" => Failed(e, StepKind.Activity),
        "SubOrchestrationInstanceCreated" => Pending(e, StepKind.SubOrchestration),
        "SubOrchestrationInstanceCompleted" => Ended(e, StepKind.SubOrchestration),
        "SubOrchestrationInstanceFailed" => Failed(e, StepKind.SubOrchestration),
        "TimerCreated" => Pending(e, StepKind.Timer),
        "TimerFired" => Ended(e, StepKind.Timer),
        "EventRaised" => Happened(e, StepKind.EventReceived, Envelope.Read(ExtensionInstance.Text(e.Input))?.Json ?? ExtensionInstance.Text(e.Input)),
        "EventSent" => Happened(e, StepKind.EventSent, ExtensionInstance.Text(e.Input)),
        "ExecutionSuspended" => Happened(e, StepKind.Suspended, e.Reason),
        "ExecutionResumed" => Happened(e, StepKind.Resumed, e.Reason),
        "ExecutionTerminated" => Happened(e, StepKind.Terminated, e.Reason),
        _ => null,
    };

    private static TimelineStep Pending(ExtensionEvent e, StepKind kind) =>
        new(kind, NameOf(e), null, e.Timestamp, null, StepOutcome.Pending) { DueAt = e.FireAt, OtherInstanceId = e.InstanceId };

    private static TimelineStep Ended(ExtensionEvent e, StepKind kind)
    {
        var result = ExtensionInstance.Text(e.Result);
        var envelope = kind == StepKind.Activity ? Envelope.Read(result) : null;
        return new(kind, NameOf(e), null, e.ScheduledTime ?? e.Timestamp, e.Timestamp, envelope?.Failure is null ? StepOutcome.Done : StepOutcome.Failed)
        {
            DueAt = e.FireAt,
            Output = envelope is null ? result : envelope.Json,
            Failure = envelope?.Failure,
            OtherInstanceId = e.InstanceId,
        };
    }

    private static TimelineStep Failed(ExtensionEvent e, StepKind kind) => new(kind, NameOf(e), null, e.ScheduledTime ?? e.Timestamp, e.Timestamp, StepOutcome.Failed)
    {
        Failure = new FailureDetails("Unknown", e.Reason ?? e.Details ?? "The host tells no reason."),
        OtherInstanceId = e.InstanceId,
    };

    private static TimelineStep Happened(ExtensionEvent e, StepKind kind, string? text) =>
        new(kind, NameOf(e), null, e.Timestamp, e.Timestamp, StepOutcome.Done) { Output = text, OtherInstanceId = e.InstanceId };

    private static string NameOf(ExtensionEvent e) => e.FunctionName ?? e.Name ?? "";
}
