using System.Text.Json.Nodes;
using Dweb.Durable.Tests.Fixtures;
using static Dweb.Durable.Tests.Conformance.Script;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>Completions as a host that delivers at least once brings them: twice, too late, after the end, and while the instance is suspended.</summary>
public sealed class CompletionScenarioTests(PeerHost peer)
{
    [Theory]
    [InlineData("task", "done", "done", "7 9")]
    [InlineData("task", "done", "failed", "7 9")]
    [InlineData("task", "failed", "done", "-1 9")]
    [InlineData("task", "failed", "failed", "-1 9")]
    [InlineData("child", "childDone", "childDone", "7 9")]
    [InlineData("child", "childDone", "childFailed", "7 9")]
    [InlineData("child", "childFailed", "childDone", "-1 9")]
    [InlineData("child", "childFailed", "childFailed", "-1 9")]
    [InlineData("timer", "fired", "fired", "1 1")]
    public async Task A_second_completion_changes_nothing_in_the_same_turn_nor_in_a_later_one(string asked, string first, string second, string outcome)
    {
        var scenario = Code(asked);
        JsonArray past = [Turn(0), Started(0), Asked(asked, 0)];
        var answer = await TurnAsync(scenario, past, Turn(1), Completed(first, 0, 7), Completed(second, 0, 8));
        Assert.Equal((1, asked), ((int)Single(answer)["id"]!, (string?)Single(answer)["kind"]));

        past.Add(Asked(asked, 1));
        answer = await TurnAsync(scenario, past, Turn(2), Completed(second, 0, 8), Completed(first, 0, 8));
        Assert.Empty(answer["actions"]!.AsArray());

        var success = asked switch { "task" => "done", "child" => "childDone", _ => "fired" };
        answer = await TurnAsync(scenario, past, Turn(3), Completed(success, 1, 9));
        Assert.Equal($"\"{outcome}\"", (string?)answer["customStatus"]);
    }

    [Theory]
    [InlineData("task", "done", "7")]
    [InlineData("task", "failed", "-1")]
    [InlineData("child", "childDone", "7")]
    [InlineData("child", "childFailed", "-1")]
    [InlineData("timer", "fired", "1")]
    [InlineData("event", "raised", "7")]
    public async Task What_comes_to_a_suspended_instance_is_taken_when_it_is_resumed_and_not_before(string asked, string kind, string outcome)
    {
        var scenario = Code(asked, steps: 1);
        JsonArray past = asked == "event" ? [Turn(0), Started(0)] : [Turn(0), Started(0), Asked(asked, 0)];
        JsonArray coming = kind == "raised" ? ["raised", "Number", "7"] : Completed(kind, 0, 7);
        var held = await TurnAsync(scenario, past, Turn(1), new JsonArray("suspended"), coming);
        Assert.Empty(held["actions"]!.AsArray());

        var resumed = await TurnAsync(scenario, past, Turn(2), new JsonArray("resumed"));
        Assert.Equal((1, $"\"{outcome}\""), ((int)Single(resumed)["status"]!, (string?)resumed["customStatus"]));
    }

    [Fact]
    public async Task Suspended_twice_it_goes_on_when_resumed_once_and_resumed_again_it_stays_so()
    {
        var answer = await TurnAsync(
            Code("task"), [Turn(0), Started(0), Scheduled(0)],
            Turn(1), new JsonArray("resumed"), new JsonArray("suspended"), Completed("done", 0, 7), new JsonArray("suspended"), new JsonArray("resumed"), new JsonArray("resumed"));

        Assert.Equal((1, "task"), ((int)Single(answer)["id"]!, (string?)Single(answer)["kind"]));
    }

    [Fact]
    public async Task A_termination_reaches_a_suspended_instance_and_what_it_held_back_is_not_taken()
    {
        var answer = await TurnAsync(
            Code("task"), [Turn(0), Started(0), Scheduled(0)], Turn(1), new JsonArray("suspended"), Completed("done", 0, 7), new JsonArray("terminated", "\"enough\""), new JsonArray("resumed"));

        Assert.Equal((5, "\"enough\""), ((int)Single(answer)["status"]!, (string?)Single(answer)["input"]));
    }

    [Theory]
    [InlineData("ends", "TASKCOMPLETED", """["done", 1, "8"]""")]
    [InlineData("ends", "TASKFAILED", """["failed", 1, {"type":"E","message":"late"}]""")]
    [InlineData("ends", "SUBORCHESTRATIONINSTANCECOMPLETED", """["childDone", 1, "8"]""")]
    [InlineData("ends", "SUBORCHESTRATIONINSTANCEFAILED", """["childFailed", 1, {"type":"E","message":"late"}]""")]
    [InlineData("ends", "TIMERFIRED", """["fired", 0]""")]
    [InlineData("ends", "EVENTRAISED", """["raised", "Go", "8"]""", 2)]
    [InlineData("ends", "EXECUTIONTERMINATED", """["terminated", "1"]""")]
    [InlineData("ends", "EXECUTIONSUSPENDED", """["suspended"]""")]
    [InlineData("ends", "EXECUTIONRESUMED", """["resumed"]""")]
    [InlineData("fails", "TASKCOMPLETED", """["done", 1, "8"]""")]
    [InlineData("fails", "EXECUTIONTERMINATED", """["terminated", "1"]""")]
    [InlineData("is terminated", "SUBORCHESTRATIONINSTANCECOMPLETED", """["childDone", 1, "8"]""")]
    public async Task What_comes_after_the_end_leaves_it_as_it_is(string way, string kind, string late, int count = 1)
    {
        var scenario = Ending(throws: way == "fails");
        var id = await scenario.StartAsync();
        await (way == "is terminated" ? scenario.TerminateAsync(id, "\"enough\"") : scenario.RaiseAsync(id, "Go", 1));
        var end = await scenario.EndAsync(id);
        await scenario.PushAsync(id, JsonNode.Parse(late)!.AsArray());

        var after = await scenario.SeenAsync(id, kind, count);
        Assert.Equal((end.Status, end.Output, end.Error), (after.Status, after.Output, after.Error));
    }

    [Fact]
    public async Task An_activity_that_ends_after_its_orchestrator_does_not_call_it_back()
    {
        var runs = 0;
        var scenario = new Scenario(peer).Orchestration("O", (context, n) =>
        {
            runs += context.IsReplaying ? 0 : 1;
            _ = context.CallAsync(Defs.Double, n);
            return Task.FromResult(5);
        });
        var after = await scenario.SeenAsync(await scenario.StartAsync(), "TASKCOMPLETED");

        Assert.Equal((OrchestrationStatus.Completed, "5", 1), (after.Status, after.Output, runs));
    }

    [Fact]
    public async Task A_timer_that_lost_its_race_and_fires_later_is_over_and_disturbs_nothing()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, n) =>
        {
            var timer = context.CreateTimerAsync(TimeSpan.FromDays(1));
            var call = context.CallAsync(Defs.Double, n);
            var won = await Task.WhenAny(timer, call) == call;
            var before = timer.IsCompleted;
            var number = await context.WaitForEventAsync(Defs.Number);
            return won && !before && timer.IsCompletedSuccessfully ? number + await call : -1;
        });
        var id = await scenario.StartAsync();
        await scenario.SeenAsync(id, "TASKCOMPLETED");
        await scenario.PushAsync(id, ["fired", 0]);
        await scenario.SeenAsync(id, "TIMERFIRED");
        await scenario.RaiseAsync(id, "Number", 40);

        Assert.Equal("42", (await scenario.EndAsync(id)).Output);
    }

    [Fact]
    public async Task What_follows_the_end_in_its_own_turn_is_not_taken()
    {
        var answer = await TurnAsync(
            Code("task", steps: 1), [Turn(0), Started(3), Scheduled(0)], Turn(1), Completed("done", 0, 7), Completed("failed", 0, 8), Completed("fired", 5, 0), new JsonArray("terminated", "1"), new JsonArray("suspended"));

        Assert.Equal((1, "3"), ((int)Single(answer)["status"]!, (string?)Single(answer)["input"]));
    }

    [Fact]
    public async Task Completions_that_come_twice_or_late_or_for_nobody_change_nothing()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, n) =>
        {
            using var cancel = new CancellationTokenSource();
            _ = context.CreateTimerAsync(TimeSpan.FromDays(1), cancel.Token);
            cancel.Cancel();
            var first = await context.CallAsync(Defs.Double, n);
            return (await context.WaitForEventAsync(Defs.Number) * 100) + first + await context.CallAsync(Defs.Double, 10);
        });
        var id = await scenario.StartAsync();
        await scenario.SeenAsync(id, "TASKCOMPLETED");
        await scenario.PushAsync(id, ["done", 1, "77"], ["fired", 0], ["done", 99, "1"], ["childDone", 5, "1"], ["raised", "Number", "3"]);

        Assert.Equal("322", (await scenario.EndAsync(id)).Output);
    }

    private static async Task<JsonNode> TurnAsync(Scenario scenario, JsonArray past, params JsonArray[] fresh)
    {
        var answer = await scenario.TurnAsync(past.DeepClone().AsArray(), [.. fresh.Select(e => e.DeepClone())]);
        foreach (var e in fresh)
        {
            past.Add(e);
        }
        return answer;
    }

    /// <summary>One request of a kind after the other, with what each came to as the custom status.</summary>
    private Scenario Code(string asked, int steps = 2) => new Scenario(peer).Orchestration("O", async (context, n) =>
    {
        List<int> outcomes = [];
        for (var i = 0; i < steps; i++)
        {
            outcomes.Add(await StepAsync(context, asked));
        }
        context.SetCustomStatus($"\"{string.Join(' ', outcomes)}\"");
        return n;
    });

    /// <summary>A timer and a child are open at the end; the peer answers neither by itself.</summary>
    private Scenario Ending(bool throws) => new Scenario(peer).Orchestration("Child", (context, _) => context.WaitForEventAsync(Defs.Number)).Orchestration("O", async (context, n) =>
    {
        _ = context.CreateTimerAsync(TimeSpan.FromDays(1));
        _ = context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), n);
        await context.WaitForEventAsync(Defs.Number with { Name = "Go" });
        return throws ? throw new InvalidOperationException("an end of its own") : 5;
    });

    private static async Task<int> StepAsync(OrchestrationContext context, string asked)
    {
        try
        {
            switch (asked)
            {
                case "task":
                    return await context.CallAsync(Defs.Double, 1);
                case "child":
                    return await context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), 1);
                case "event":
                    return await context.WaitForEventAsync(Defs.Number);
                default:
                    await context.CreateTimerAsync(TimeSpan.FromDays(1));
                    return 1;
            }
        }
        catch (TaskFailedException)
        {
            return -1;
        }
    }
}
