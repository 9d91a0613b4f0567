namespace Dweb.Durable;

/// <summary>What a step of a timeline is.</summary>
public enum StepKind
{
    /// <summary>An activity call; each attempt of a retry is a step.</summary>
    Activity,

    /// <summary>A sub-orchestration call.</summary>
    SubOrchestration,

    /// <summary>A durable timer, also the wait between two attempts.</summary>
    Timer,

    /// <summary>An external event that was taken in.</summary>
    EventReceived,

    /// <summary>An event that was sent to another instance.</summary>
    EventSent,

    /// <summary>Progress was stopped from outside.</summary>
    Suspended,

    /// <summary>Progress goes on.</summary>
    Resumed,

    /// <summary>Ended from outside.</summary>
    Terminated,

    /// <summary>Taken back to before its failure.</summary>
    Rewound,
}

/// <summary>How far a step has come.</summary>
public enum StepOutcome
{
    /// <summary>The instance may be waiting for it.</summary>
    Pending,

    /// <summary>It has happened, or succeeded.</summary>
    Done,

    /// <summary>It has failed.</summary>
    Failed,
}

/// <summary>One thing that an instance did, waited for, or was told.</summary>
/// <param name="Name">Of the activity, orchestration or event; empty where the kind says it all.</param>
/// <param name="TaskId">Number of the action inside the generation; null for what came from outside, or where the engine does not tell.</param>
/// <param name="From">When it was asked for, or arrived.</param>
/// <param name="To">When it ended; null while it is pending.</param>
public sealed record TimelineStep(StepKind Kind, string Name, int? TaskId, DateTimeOffset From, DateTimeOffset? To, StepOutcome Outcome)
{
    /// <summary>Which attempt at the same call this is, from 1: attempts follow each other with the same name and input, each after a failure.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>When a timer fires; null for other kinds.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The sub-orchestration, or the receiver of a sent event; null for other kinds.</summary>
    public string? OtherInstanceId { get; init; }

    /// <summary>JSON text that went in; null where there was none or the engine does not tell.</summary>
    public string? Input { get; init; }

    /// <summary>JSON text that came out, or the reason that was given from outside.</summary>
    public string? Output { get; init; }

    /// <summary>Why it failed.</summary>
    public FailureDetails? Failure { get; init; }
}

/// <summary>An instance with the steps of its present generation, in the order in which they were asked for.</summary>
public sealed record OrchestrationTimeline(OrchestrationState State, IReadOnlyList<TimelineStep> Steps)
{
    /// <summary>Whether the engine can take a failed instance back to before its failure.</summary>
    public bool CanRewind { get; init; } = true;

    /// <summary>What has not ended; empty while an instance that runs waits for an external event alone.</summary>
    public IEnumerable<TimelineStep> Pending => State.IsTerminal ? [] : Steps.Where(static step => step.Outcome == StepOutcome.Pending);

    /// <summary>The failure that ended a failed instance; null where it did not fail, or failed by its own code.</summary>
    public TimelineStep? FatalStep => State.Status == OrchestrationStatus.Failed
        ? Steps.LastOrDefault(step => step.Outcome == StepOutcome.Failed && (State.Failure is null || Holds(State.Failure, step.Failure)))
        : null;

    private static bool Holds(FailureDetails whole, FailureDetails? part)
    {
        for (var failure = whole; failure is not null && part is not null; failure = failure.Inner)
        {
            if (failure.ErrorType == part.ErrorType && failure.Message == part.Message)
            {
                return true;
            }
        }
        return false;
    }
}
