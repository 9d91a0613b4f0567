using System.Globalization;
using Dweb.Durable;

namespace Dweb.Functions.Orchestrations;

/// <summary>Says in a sentence where an orchestration stands: what it waits for, or what it failed of and what an operator can do.</summary>
internal static class TimelineWords
{
    private const int MostNamed = 5;

    public static string Explain(OrchestrationTimeline timeline, DateTimeOffset now) => timeline.State.Status switch
    {
        OrchestrationStatus.Completed => "It has completed.",
        OrchestrationStatus.Terminated => $"It was terminated{Reason(timeline, StepKind.Terminated)}.",
        OrchestrationStatus.Canceled => "It was cancelled.",
        OrchestrationStatus.Failed => Failed(timeline),
        OrchestrationStatus.Suspended => $"It is suspended{Reason(timeline, StepKind.Suspended)}; what arrives is kept. 'dweb orchestrations resume {timeline.State.InstanceId}' lets it go on.",
        _ => Waiting(timeline, now),
    };

    private static string Failed(OrchestrationTimeline timeline)
    {
        string id = timeline.State.InstanceId;
        if (timeline.FatalStep is not { } step)
        {
            return $"It failed in its own code: {Words(timeline.State.Failure)} Running it again fails again until the code is mended; "
                + $"'dweb orchestrations purge {id}' forgets it.";
        }

        string what = step.Kind == StepKind.SubOrchestration ? $"sub-orchestration {step.Name} ({step.OtherInstanceId})" : $"activity {step.Name}";
        string again = step.Failure?.IsNonRetriable == true ? "Trying again cannot help as things are. When" : "When";
        string remedy = timeline.CanRewind
            ? $"'dweb orchestrations rewind {id}' runs the failed part again and keeps the rest."
            : $"'dweb orchestrations purge {id}' makes way for a new start of the same.";
        return string.Create(CultureInfo.InvariantCulture, $"It failed of {what}, attempt {step.Attempt}: {Words(step.Failure)} {again} the cause is mended, {remedy}");
    }

    private static string Waiting(OrchestrationTimeline timeline, DateTimeOffset now)
    {
        var pending = timeline.Pending.ToList();
        if (pending.Count == 0)
        {
            return timeline.State.Status == OrchestrationStatus.Pending ? "It has not run yet." : "It waits for an external event.";
        }

        string more = pending.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {pending.Count - MostNamed} more") : "";
        return $"It waits for {string.Join(", ", pending.Take(MostNamed).Select(step => Name(step, now)))}{more}; an external event may come first.";
    }

    private static string Name(TimelineStep step, DateTimeOffset now) => step.Kind switch
    {
        StepKind.Timer when step.DueAt is { } due => string.Create(CultureInfo.InvariantCulture, $"a timer due in {Math.Max(0, (due - now).TotalSeconds):0} s"),
        StepKind.Timer => "a timer",
        StepKind.SubOrchestration => $"sub-orchestration {step.Name} ({step.OtherInstanceId})",
        _ => string.Create(CultureInfo.InvariantCulture, $"activity {step.Name} (attempt {step.Attempt}, since {(now - step.From).TotalSeconds:0} s)"),
    };

    private static string Reason(OrchestrationTimeline timeline, StepKind kind) =>
        timeline.Steps.LastOrDefault(step => step.Kind == kind)?.Output is { Length: > 0 } reason ? $": {reason}" : "";

    private static string Words(FailureDetails? failure)
    {
        if (failure is null)
        {
            return "it tells no reason.";
        }

        string type = failure.ErrorType[(failure.ErrorType.LastIndexOf('.') + 1)..];
        return $"{type}: {failure.Message.TrimEnd('.')}.";
    }
}
