using Dweb.Durable;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Tests.Orchestrations;

public sealed class TimelineWordsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly FailureDetails NoFuel = new("System.InvalidOperationException", "no fuel");

    [Fact]
    public void A_failure_names_activity_attempt_error_and_what_to_do()
    {
        var failed = Step(StepKind.Activity, "SettleUsage", StepOutcome.Failed) with { Attempt = 5, Failure = NoFuel };
        Assert.Equal(
            "It failed of activity SettleUsage, attempt 5: InvalidOperationException: no fuel. When the cause is mended, 'dweb orchestrations rewind s1' runs the failed part again and keeps the rest.",
            Explain(OrchestrationStatus.Failed, new FailureDetails("Dweb.Durable.TaskFailedException", "Task 'SettleUsage' (#3) failed: no fuel", Inner: NoFuel), failed));
    }

    [Fact]
    public void Where_nothing_can_be_rewound_it_is_not_advised()
    {
        var failed = Step(StepKind.Activity, "Pay", StepOutcome.Failed) with { Failure = NoFuel };
        var state = new OrchestrationState("s1", "Settlement", OrchestrationStatus.Failed, Now, Now, null, null, null, NoFuel);
        Assert.EndsWith(
            "'dweb orchestrations purge s1' makes way for a new start of the same.", TimelineWords.Explain(new OrchestrationTimeline(state, [failed]) { CanRewind = false }, Now),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_that_cannot_be_retried_says_so() => Assert.Contains(
        "Trying again cannot help as things are.",
        Explain(OrchestrationStatus.Failed, NoFuel, Step(StepKind.Activity, "Pay", StepOutcome.Failed) with { Failure = NoFuel with { IsNonRetriable = true } }), StringComparison.Ordinal);

    [Fact]
    public void A_failure_of_the_orchestrators_own_code_is_not_blamed_on_an_activity_that_it_survived()
    {
        var survived = Step(StepKind.Activity, "Pay", StepOutcome.Failed) with { Failure = new("X", "other") };
        Assert.StartsWith("It failed in its own code: InvalidOperationException: no fuel.", Explain(OrchestrationStatus.Failed, NoFuel, survived), StringComparison.Ordinal);
    }

    [Fact]
    public void What_it_waits_for_is_named_with_times() => Assert.Equal(
        "It waits for activity Pay (attempt 2, since 30 s), a timer due in 90 s; an external event may come first.",
        Explain(
            OrchestrationStatus.Running, null, Step(StepKind.Activity, "Done", StepOutcome.Done), Step(StepKind.Activity, "Pay", StepOutcome.Pending) with { Attempt = 2 },
            Step(StepKind.Timer, "", StepOutcome.Pending) with { DueAt = Now.AddSeconds(90) }));

    [Fact]
    public void Many_are_counted() =>
        Assert.Contains(" and 2 more;", Explain(OrchestrationStatus.Running, null, [.. Enumerable.Repeat(Step(StepKind.Activity, "Pay", StepOutcome.Pending), 7)]), StringComparison.Ordinal);

    private static string Explain(OrchestrationStatus status, FailureDetails? failure, params TimelineStep[] steps) =>
        TimelineWords.Explain(new OrchestrationTimeline(new OrchestrationState("s1", "Settlement", status, Now, Now, null, null, null, failure), steps), Now);

    private static TimelineStep Step(StepKind kind, string name, StepOutcome outcome) =>
        new(kind, name, 1, Now.AddSeconds(-30), outcome == StepOutcome.Pending ? null : Now, outcome);
}
