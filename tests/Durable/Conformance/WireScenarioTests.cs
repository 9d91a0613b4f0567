using System.Text.Json.Nodes;
using Dweb.Durable.Tests.Fixtures;
using static Dweb.Durable.Tests.Conformance.Script;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>Single turns, made and read by the peer's protobuf classes, of histories that no quiet run comes to.</summary>
public sealed class WireScenarioTests(PeerHost peer)
{
    [Fact]
    public async Task A_history_of_ten_thousand_events_is_replayed_to_the_next_call()
    {
        JsonArray past = [Turn(0), Started(0)];
        for (var i = 0; i < 2_500; i++)
        {
            foreach (JsonArray e in new JsonArray[] { ["scheduled", i, "Double", $"{i}"], ["turnEnd"], Turn(i + 1), ["done", i, $"{i + 1}"] })
            {
                past.Add(e);
            }
        }
        var answer = await Counting().TurnAsync([.. past.Select(e => e!.DeepClone()).SkipLast(2)], [Turn(2_500), new JsonArray("done", 2_499, "2500")]);

        Assert.Equal(10_002, past.Count);
        Assert.Equal((2_500, "task", "2500"), Call(Single(answer)));
    }

    [Fact]
    public async Task Completions_in_any_order_and_twice_in_one_turn_count_once()
    {
        var scenario = Code(async (context, _) => (await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallAsync(Defs.Double, i)))).Sum());
        var answer = await scenario.TurnAsync(
            [Turn(0), Started(0), Scheduled(0), Scheduled(1), Scheduled(2)],
            [Turn(1), new JsonArray("done", 2, "100"), new JsonArray("done", 2, "999"), new JsonArray("done", 0, "1"), new JsonArray("done", 1, "10"), new JsonArray("done", 0, "5")]);

        Assert.Equal("111", (string?)Single(answer)["input"]);
    }

    [Fact]
    public async Task A_timer_of_a_week_is_made_of_legs_that_each_begin_where_the_last_one_ended()
    {
        var scenario = Code(async (context, n) =>
        {
            await context.CreateTimerAsync(TimeSpan.FromDays(7));
            return n;
        });
        var first = Single(await scenario.TurnAsync([], [Turn(0), Started(0)]));
        Assert.Equal(At(3), (DateTimeOffset)first["at"]!);
        var second = Single(await scenario.TurnAsync([Turn(0), Started(0), TimerCreated(0, 3)], [TurnAt(3), new JsonArray("fired", 0)]));
        Assert.Equal(At(6), (DateTimeOffset)second["at"]!);
        var third = Single(await scenario.TurnAsync(
            [Turn(0), Started(0), TimerCreated(0, 3), TurnAt(3), new JsonArray("fired", 0), TimerCreated(1, 6)], [TurnAt(6), new JsonArray("fired", 1)]));
        Assert.Equal(At(7), (DateTimeOffset)third["at"]!);
    }

    [Fact]
    public async Task Suspend_and_resume_in_one_turn_let_through_what_came_between()
    {
        var answer = await Code((context, n) => context.CallAsync(Defs.Double, n)).TurnAsync(
            [Turn(0), Started(0), Scheduled(0)], [Turn(1), new JsonArray("suspended"), new JsonArray("done", 0, "8"), new JsonArray("resumed")]);

        Assert.Equal("8", (string?)Single(answer)["input"]);
    }

    [Fact]
    public async Task Suspended_without_resume_asks_for_nothing_over_several_turns()
    {
        var answer = await Code((context, n) => context.CallAsync(Defs.Double, n)).TurnAsync(
            [Turn(0), Started(0), Scheduled(0), Turn(1), new JsonArray("suspended")], [Turn(2), new JsonArray("done", 0, "8"), new JsonArray("fired", 7)]);

        Assert.Empty(answer["actions"]!.AsArray());
    }

    [Fact]
    public async Task Termination_wins_over_what_follows_it_in_the_same_turn()
    {
        var answer = await Code((context, n) => context.CallAsync(Defs.Double, n)).TurnAsync(
            [Turn(0), Started(0), Scheduled(0)], [Turn(1), new JsonArray("terminated", "\"enough\""), new JsonArray("done", 0, "8")]);

        Assert.Equal((5, "\"enough\""), ((int)Single(answer)["status"]!, (string?)Single(answer)["input"]));
    }

    [Fact]
    public async Task Kinds_of_events_that_mean_nothing_here_are_passed_over()
    {
        var answer = await Code((context, n) => context.CallAsync(Defs.Double, n)).TurnAsync(
            [Turn(0), new JsonArray("state"), Started(0), new JsonArray("generic"), Scheduled(0)],
            [Turn(1), new JsonArray("entity"), new JsonArray("continued"), new JsonArray("rewound", "no reason"), new JsonArray("done", 0, "8")]);

        Assert.Equal("8", (string?)Single(answer)["input"]);
    }

    [Fact]
    public async Task The_version_and_the_parent_are_read_and_the_childs_version_is_written()
    {
        var scenario = Code(async (context, n) =>
        {
            context.SetCustomStatus($"\"{context.Version} {context.ParentInstanceId}\"");
            return await context.CallSubOrchestrationAsync(Defs.IntToInt("Child") with { Version = "3" }, n);
        });
        var parent = new JsonObject { ["instanceId"] = "above", ["name"] = "Above", ["taskScheduledId"] = 4 };
        var answer = await scenario.TurnAsync([], [Turn(0), new JsonArray("started", "O", "1", "2", parent)]);

        Assert.Equal("\"2 above\"", (string?)answer["customStatus"]);
        Assert.Equal(("child", "3"), ((string?)Single(answer)["kind"], (string?)Single(answer)["version"]));
    }

    [Fact]
    public async Task Continue_as_new_gives_input_version_and_untaken_events()
    {
        var scenario = Code((context, n) =>
        {
            context.ContinueAsNew(n + 1, newVersion: "2");
            return Task.FromResult(0);
        });
        var end = Single(await scenario.TurnAsync([], [Turn(0), Started(0), new JsonArray("raised", "B", "1"), new JsonArray("raised", "A", "2")]));

        Assert.Equal((2, "1", "2"), ((int)end["status"]!, (string?)end["input"], (string?)end["version"]));
        Assert.Equal(["B", "A"], end["events"]!.AsArray().Select(name => (string)name!));
    }

    [Theory]
    [InlineData("""["scheduled", 0, "Other", "1"]""", "replayed CallActivity Double at event 0 where history has CallActivity Other")]
    [InlineData("""["timer", 0, 0]""", "replayed CallActivity Double at event 0 where history has CreateTimer")]
    [InlineData("""["child", 0, "Child", "c", "1"]""", "replayed CallActivity Double at event 0 where history has CallSubOrchestration Child")]
    [InlineData("""["sent", 0, "other", "Ping", "1"]""", "replayed CallActivity Double at event 0 where history has SendEvent Ping")]
    [InlineData("""["scheduled", 1, "Double", "1"]""", "replayed nothing at event 1 where history has CallActivity Double")]
    public async Task A_history_of_other_code_is_named(string recorded, string expected)
    {
        var answer = await Code((context, n) => context.CallAsync(Defs.Double, n)).TurnAsync([Turn(0), Started(0), JsonNode.Parse(recorded)!.AsArray()], [Turn(1)]);

        Assert.Equal($"Instance scripted {expected}.", (string?)Single(answer)["failure"]!["message"]);
    }

    [Fact]
    public async Task Failures_of_activities_and_children_are_read_to_the_innermost()
    {
        var scenario = Code(async (context, n) =>
        {
            try
            {
                return await context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), n);
            }
            catch (TaskFailedException failed) when (failed.Failure is { IsNonRetriable: true, Inner.Inner.Message: "third" })
            {
                return 33;
            }
        });
        var failure = JsonNode.Parse("""{"type":"A","message":"first","nonRetriable":true,"inner":{"type":"B","message":"second","inner":{"type":"C","message":"third"}}}""");
        var answer = await scenario.TurnAsync([Turn(0), Started(0), new JsonArray("child", 0, "Child", "c", "1")], [Turn(1), new JsonArray("childFailed", 0, failure)]);

        Assert.Equal("33", (string?)Single(answer)["input"]);
    }

    [Fact]
    public async Task A_rewind_gives_the_history_without_the_failed_activity_and_its_end()
    {
        var answer = await Code(async (context, n) => await context.CallAsync(Defs.Double, n) + await context.CallAsync(Defs.Flaky, n)).TurnAsync(
            [
                Turn(0), Started(0), Scheduled(0), Turn(1), new JsonArray("done", 0, "2"), new JsonArray("scheduled", 1, "Flaky", "1"),
                Turn(2), new JsonArray("failed", 1, JsonNode.Parse("""{"type":"A","message":"no"}""")), new JsonArray("ended", 3, null),
            ],
            [Turn(3), new JsonArray("rewound", "again")]);

        Assert.Equal(
            ["ORCHESTRATORSTARTED", "EXECUTIONSTARTED", "TASKSCHEDULED", "ORCHESTRATORSTARTED", "TASKCOMPLETED", "ORCHESTRATORSTARTED", "ORCHESTRATORSTARTED", "EXECUTIONREWOUND"],
            Single(answer)["events"]!.AsArray().Select(kind => (string)kind!));
    }

    private Scenario Counting() => Code(async (context, n) =>
    {
        while (true)
        {
            n = await context.CallAsync(Defs.Double, n);
        }
    });

    private Scenario Code(Func<OrchestrationContext, int, Task<int>> orchestrator) => new Scenario(peer).Orchestration("O", orchestrator);
}
