using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>Failures and retries in the peer's backend.</summary>
public sealed class FailureScenarioTests(PeerHost peer)
{
    private static readonly RetryPolicy ThreeTimes = new(3, TimeSpan.FromMilliseconds(1));

    [Fact]
    public async Task An_activity_that_fails_fails_the_orchestration_with_all_that_is_inside()
    {
        var end = await RunAsync((context, n) => context.CallAsync(Defs.Flaky, n));

        Assert.Equal(OrchestrationStatus.Failed, end.Status);
        Assert.Equal(["Task 'Flaky' (#0) failed: no 1", "no 1", "deep"], end.Errors());
    }

    [Fact]
    public async Task A_failure_that_is_caught_is_over()
    {
        var end = await RunAsync(async (context, n) =>
        {
            try
            {
                return await context.CallAsync(Defs.Flaky, n);
            }
            catch (TaskFailedException failed) when (failed.Failure.IsCausedBy<TimeoutException>())
            {
                return await context.CallAsync(Defs.Double, n);
            }
        });

        Assert.Equal((OrchestrationStatus.Completed, "2"), (end.Status, end.Output));
    }

    [Fact]
    public async Task An_activity_that_fails_twice_succeeds_at_the_third_attempt()
    {
        var calls = 0;
        var scenario = new Scenario(peer).Orchestration("O", (context, n) => context.CallAsync(Defs.Double with { Name = "Third" }, n, ThreeTimes));
        scenario.Code.AddActivity(Defs.Double with { Name = "Third" }, (_, n, _) => ++calls < 3 ? throw new TimeoutException("later") : Task.FromResult(n + calls));

        var end = await scenario.EndAsync(await scenario.StartAsync());
        Assert.Equal((OrchestrationStatus.Completed, "4"), (end.Status, end.Output));
        Assert.Equal((3, 2), (end.History.Count(kind => kind == "TASKSCHEDULED"), end.History.Count(kind => kind == "TIMERFIRED")));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(1, false)]
    public async Task Attempts_end_with_their_number_or_when_the_handler_refuses(int attempts, bool handle)
    {
        var end = await RunAsync((context, n) => context.CallAsync(Defs.Flaky, n, ThreeTimes with { Handle = _ => handle }));

        Assert.Equal(OrchestrationStatus.Failed, end.Status);
        Assert.Equal(attempts, end.History.Count(kind => kind == "TASKFAILED"));
    }

    [Fact]
    public async Task An_activity_that_does_not_exist_is_not_tried_again()
    {
        var end = await RunAsync((context, n) => context.CallAsync(Defs.Double with { Name = "Nobody" }, n, ThreeTimes));

        Assert.Single(end.History, "TASKFAILED");
        Assert.Contains("no activity 'Nobody'", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orchestrator_that_throws_fails_with_its_inner_exceptions()
    {
        var end = await RunAsync((_, _) => throw new InvalidOperationException("outer", new FormatException("inner")));

        Assert.Equal(["outer", "inner"], end.Errors());
    }

    [Fact]
    public async Task An_orchestration_that_does_not_exist_fails_with_its_name()
    {
        var scenario = new Scenario(peer);
        Assert.Contains("'Nobody'", (await scenario.EndAsync(await scenario.StartAsync("Nobody"))).Error, StringComparison.Ordinal);
    }

    private async Task<PeerState> RunAsync(Func<OrchestrationContext, int, Task<int>> orchestrator)
    {
        var scenario = new Scenario(peer).Orchestration("O", orchestrator);
        return await scenario.EndAsync(await scenario.StartAsync());
    }
}
