using System.Text.Json;

namespace Dweb.Core.Protocol.Http;

/// <summary>An orchestration as its control plane's operator sees it. Times are Unix milliseconds; inputs and outputs are JSON text.</summary>
/// <param name="Status">Pending, Running, Suspended, Completed, Failed, Terminated, Canceled or ContinuedAsNew.</param>
/// <param name="UpdatedAtMs">When it last changed; of an ended one that is when it ended.</param>
/// <param name="Input">Left out of lists when it is large; so is the output.</param>
public sealed record OrchestrationView(
    string InstanceId, string Name, string? Version, string Status, long CreatedAtMs, long UpdatedAtMs, string? Input, string? Output, string? CustomStatus, FailureView? Failure);

/// <param name="ErrorType">Full name of the exception's type.</param>
/// <param name="Inner">What caused it.</param>
public sealed record FailureView(string ErrorType, string Message, FailureView? Inner);

/// <param name="Continuation">Gives the next page of the same query; null after the last.</param>
public sealed record OrchestrationPageView(IReadOnlyList<OrchestrationView> Items, string? Continuation);

/// <summary>One thing that an orchestration did, waited for, or was told.</summary>
/// <param name="Kind">Activity, SubOrchestration, Timer, EventReceived, EventSent, Suspended, Resumed, Terminated or Rewound.</param>
/// <param name="Outcome">Pending, Done or Failed.</param>
/// <param name="Attempt">At the same call, from 1.</param>
/// <param name="DueAtMs">When a timer fires.</param>
/// <param name="OtherInstanceId">The sub-orchestration, or the receiver of a sent event.</param>
public sealed record OrchestrationStepView(
    string Kind, string Name, int? TaskId, long FromMs, long? ToMs, string Outcome, int Attempt, long? DueAtMs, string? OtherInstanceId, string? Output, FailureView? Failure);

/// <summary>An orchestration with the steps of its present generation, in the order in which they were asked for.</summary>
/// <param name="Explanation">In words: what it waits for, or what it failed of and what to do.</param>
public sealed record OrchestrationTimelineView(OrchestrationView Orchestration, IReadOnlyList<OrchestrationStepView> Steps, string Explanation);

/// <summary>Body of terminate, suspend, resume and rewind.</summary>
public sealed record OrchestrationReason(string? Reason);

/// <summary>Body of an event that is raised by hand.</summary>
/// <param name="EventId">The same id again has no effect; 1 to 100 characters.</param>
public sealed record OrchestrationEvent(string EventId, JsonElement Payload);

/// <param name="Purged">Instances that were forgotten.</param>
public sealed record PurgeView(int Purged);

/// <summary>What a change of an orchestration answers.</summary>
public sealed record OrchestrationChange(string InstanceId, string Change);
