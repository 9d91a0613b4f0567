using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>Failures, retries, children and rewinds in the peer's backend.</summary>
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

    [Fact]
    public async Task A_child_gives_its_result()
    {
        var scenario = Nested(0);
        var end = await scenario.EndAsync(await scenario.StartAsync(input: 1));
        Assert.Equal((OrchestrationStatus.Completed, "1002"), (end.Status, end.Output));
    }

    [Fact]
    public async Task Five_levels_of_children_give_their_results_upwards()
    {
        var scenario = Nested(0);
        Assert.Equal("5002", (await scenario.EndAsync(await scenario.StartAsync(input: 5))).Output);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_failure_at_any_depth_comes_to_the_top_with_its_words(int depth)
    {
        var scenario = Nested(depth);
        var end = await scenario.EndAsync(await scenario.StartAsync(input: 4));

        Assert.Equal(OrchestrationStatus.Failed, end.Status);
        Assert.Contains($"no {depth}", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_childs_failure_that_is_caught_is_over()
    {
        var scenario = new Scenario(peer)
            .Orchestration("Child", (_, _) => throw new TimeoutException("child"))
            .Orchestration("O", async (context, n) =>
            {
                try
                {
                    return await context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), n);
                }
                catch (TaskFailedException)
                {
                    return -n;
                }
            });

        Assert.Equal("-1", (await scenario.EndAsync(await scenario.StartAsync())).Output);
    }

    [Fact]
    public async Task A_child_is_tried_again_as_another_instance()
    {
        var runs = 0;
        var scenario = new Scenario(peer)
            .Orchestration("Child", (_, n) => ++runs < 3 ? throw new TimeoutException("later") : Task.FromResult(n + runs))
            .Orchestration("O", (context, n) => context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), n, $"{context.InstanceId}.child", ThreeTimes));

        Assert.Equal("4", (await scenario.EndAsync(await scenario.StartAsync())).Output);
    }

    [Fact]
    public async Task Ten_children_at_once_in_each_of_three_generations_have_ids_of_their_own()
    {
        var scenario = new Scenario(peer)
            .Orchestration("Child", (context, n) => context.CallAsync(Defs.Double, n))
            .Orchestration("O", async (context, n) =>
            {
                var sum = (await Task.WhenAll(Enumerable.Range(0, 10).Select(i => context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), i)))).Sum();
                if (n < 3)
                {
                    context.ContinueAsNew(n + 1);
                }
                return sum;
            });

        Assert.Equal("90", (await scenario.EndAsync(await scenario.StartAsync())).Output);
    }

    [Fact]
    public async Task A_child_whose_id_is_taken_fails_in_its_parent()
    {
        var scenario = new Scenario(peer);
        scenario.Orchestration("O", (context, n) => n == 0 ? Task.FromResult(0) : context.CallSubOrchestrationAsync(Defs.IntToInt("O"), 0, scenario.IdOf("taken")));
        await scenario.StartAsync(input: 0, suffix: "taken");

        Assert.Contains("already exists", (await scenario.EndAsync(await scenario.StartAsync())).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rewound_instance_runs_the_failed_activity_again_and_no_other()
    {
        var (isMended, doubles) = (false, 0);
        var scenario = new Scenario(peer).Orchestration("O", async (context, n) =>
            await context.CallAsync(Count, n) + await context.CallAsync(Mended, n) + await context.CallAsync(Count, 10));
        scenario.Code.AddActivity(Count, (_, n, _) => Task.FromResult(n + (0 * Interlocked.Increment(ref doubles))))
            .AddActivity(Mended, (_, n, _) => isMended ? Task.FromResult(100 * n) : throw new TimeoutException("not yet"));
        var id = await scenario.StartAsync();
        Assert.Equal(OrchestrationStatus.Failed, (await scenario.EndAsync(id)).Status);
        isMended = true;
        await scenario.RewindAsync(id);

        Assert.Equal("111", (await scenario.EndAsync(id)).Output);
        Assert.Equal(2, doubles);
    }

    [Fact]
    public async Task A_rewound_fan_out_runs_all_that_had_failed_after_their_retries()
    {
        var (isMended, runs) = (false, 0);
        var scenario = new Scenario(peer).Orchestration("O", async (context, _) =>
            (await Task.WhenAll(Enumerable.Range(0, 6).Select(i => context.CallAsync(Mended, i, new RetryPolicy(2, TimeSpan.FromMilliseconds(1)))))).Sum());
        scenario.Code.AddActivity(Mended, (_, n, _) =>
        {
            Interlocked.Increment(ref runs);
            return isMended || n % 2 == 0 ? Task.FromResult(n) : throw new TimeoutException("not yet");
        });
        var id = await scenario.StartAsync();
        await scenario.EndAsync(id);
        Assert.Equal(9, runs);
        isMended = true;
        await scenario.RewindAsync(id);

        Assert.Equal("15", (await scenario.EndAsync(id)).Output);
        Assert.Equal(12, runs);
    }

    [Fact]
    public async Task A_rewind_goes_down_to_the_child_that_failed()
    {
        var isMended = false;
        var scenario = new Scenario(peer)
            .Orchestration("Child", (context, n) => context.CallAsync(Mended, n))
            .Orchestration("Middle", (context, n) => context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), n))
            .Orchestration("O", async (context, n) => await context.CallAsync(Defs.Double, n) + await context.CallSubOrchestrationAsync(Defs.IntToInt("Middle"), n));
        scenario.Code.AddActivity(Mended, (_, n, _) => isMended ? Task.FromResult(100 * n) : throw new TimeoutException("not yet"));
        var id = await scenario.StartAsync();
        await scenario.EndAsync(id);
        isMended = true;
        await scenario.RewindAsync(id);

        Assert.Equal("102", (await scenario.EndAsync(id)).Output);
    }

    private static ActivityDefinition<int, int> Count => Defs.Double with { Name = "Count" };

    private static ActivityDefinition<int, int> Mended => Defs.Double with { Name = "Mended" };

    /// <summary>Each level calls the next one down; level 0 calls an activity, and the named level fails.</summary>
    private Scenario Nested(int failing) => new Scenario(peer).Orchestration("O", async (context, level) =>
    {
        if (level == failing && failing > 0)
        {
            return await context.CallAsync(Defs.Flaky, level);
        }
        return level == 0 ? await context.CallAsync(Defs.Double, 1) : 1_000 + await context.CallSubOrchestrationAsync(Defs.IntToInt("O"), level - 1);
    });

    private async Task<PeerState> RunAsync(Func<OrchestrationContext, int, Task<int>> orchestrator)
    {
        var scenario = new Scenario(peer).Orchestration("O", orchestrator);
        return await scenario.EndAsync(await scenario.StartAsync());
    }
}
