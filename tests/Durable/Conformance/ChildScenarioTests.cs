using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>Sub-orchestrations, nested and side by side, and their failures, in the peer's backend.</summary>
public sealed class ChildScenarioTests(PeerHost peer)
{
    private static readonly RetryPolicy ThreeTimes = new(3, TimeSpan.FromMilliseconds(1));

    public static TheoryData<int> Depths => [0, 1, 2, 3, 4];

    [Theory]
    [InlineData(1, "1002")]
    [InlineData(5, "5002")]
    public async Task Levels_of_children_give_their_results_upwards(int levels, string output)
    {
        var scenario = Nested();
        var end = await scenario.EndAsync(await scenario.StartAsync(input: levels));
        Assert.Equal((OrchestrationStatus.Completed, output), (end.Status, end.Output));
    }

    [Theory]
    [MemberData(nameof(Depths))]
    public async Task An_activity_that_fails_at_any_depth_fails_every_level_above_it_with_its_words(int depth)
    {
        var scenario = Nested(failing: depth);
        await AssertFailsDownToAsync(scenario, depth, $"no {depth}");
    }

    [Theory]
    [MemberData(nameof(Depths))]
    public async Task An_orchestrator_that_throws_at_any_depth_fails_every_level_above_it_with_its_words(int depth)
    {
        var scenario = Nested(throwing: depth);
        await AssertFailsDownToAsync(scenario, depth, $"thrown {depth}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_failure_that_a_level_catches_fails_those_below_it_and_none_above(int catching)
    {
        var scenario = Nested(failing: 0, catching: catching);
        var end = await scenario.EndAsync(await scenario.StartAsync(input: 4, suffix: "4"));

        Assert.Equal((OrchestrationStatus.Completed, $"{(1_000 * (4 - catching)) - 1}"), (end.Status, end.Output));
        for (var level = 0; level < 4; level++)
        {
            Assert.Equal(level < catching ? OrchestrationStatus.Failed : OrchestrationStatus.Completed, (await scenario.EndAsync(scenario.IdOf($"{level}"))).Status);
        }
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

    /// <summary>Each level calls the next one down, which has the id of its number; level 0 calls an activity. The named levels do otherwise.</summary>
    private Scenario Nested(int failing = -1, int throwing = -1, int catching = -1)
    {
        var scenario = new Scenario(peer);
        return scenario.Orchestration("O", async (context, level) =>
        {
            if (level == throwing)
            {
                throw new InvalidOperationException($"thrown {level}");
            }
            if (level == failing)
            {
                return await context.CallAsync(Defs.Flaky, level);
            }
            try
            {
                return level == 0 ? await context.CallAsync(Defs.Double, 1) : 1_000 + await context.CallSubOrchestrationAsync(Defs.IntToInt("O"), level - 1, scenario.IdOf($"{level - 1}"));
            }
            catch (TaskFailedException) when (level == catching)
            {
                return -1;
            }
        });
    }

    private static async Task AssertFailsDownToAsync(Scenario scenario, int depth, string words)
    {
        await scenario.StartAsync(input: 4, suffix: "4");
        for (var level = 4; level >= depth; level--)
        {
            var end = await scenario.EndAsync(scenario.IdOf($"{level}"));
            Assert.Equal(OrchestrationStatus.Failed, end.Status);
            Assert.Contains(words, end.Error, StringComparison.Ordinal);
        }
    }
}
