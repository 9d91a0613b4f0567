using Dweb.Core.Protocol.Http;
using Dweb.Durable;

namespace Dweb.Functions.Orchestrations;

/// <summary>Orchestrations as the API shows them.</summary>
internal static class OrchestrationViews
{
    public static OrchestrationView Of(OrchestrationState state) => new(
        state.InstanceId, state.Name, state.Version, state.Status.ToString(), state.CreatedAt.ToUnixTimeMilliseconds(), state.UpdatedAt.ToUnixTimeMilliseconds(),
        state.Input, state.Output, state.CustomStatus, Of(state.Failure));

    public static OrchestrationTimelineView Of(OrchestrationTimeline timeline, DateTimeOffset now) =>
        new(Of(timeline.State), [.. timeline.Steps.Select(Of)], TimelineWords.Explain(timeline, now));

    private static OrchestrationStepView Of(TimelineStep step) => new(
        step.Kind.ToString(), step.Name, step.TaskId, step.From.ToUnixTimeMilliseconds(), step.To?.ToUnixTimeMilliseconds(), step.Outcome.ToString(), step.Attempt,
        step.DueAt?.ToUnixTimeMilliseconds(), step.OtherInstanceId, step.Output, Of(step.Failure));

    private static FailureView? Of(FailureDetails? failure) => failure is null ? null : new(failure.ErrorType, failure.Message, Of(failure.Inner));
}
