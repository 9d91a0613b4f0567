using System.Text.Json.Nodes;
using Dweb.Durable.Tests.Fixtures;
using static Dweb.Durable.Tests.Conformance.Script;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>Rewinds in the peer's backend, which takes our rewrite of an instance's history for its own.</summary>
public sealed class RewindScenarioTests(PeerHost peer)
{
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

    [Fact]
    public async Task Every_kind_of_event_that_a_rewind_keeps_comes_back_as_the_peer_wrote_it()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, n) =>
        {
            await Caught(context.CallAsync(Defs.Flaky, n));
            await Caught(context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), n));
            await context.CallSubOrchestrationAsync(Defs.IntToInt("Child"), n);
            await context.CreateTimerAsync(TimeSpan.FromDays(1));
            context.SendEvent("other", Defs.Number, 1);
            return await context.WaitForEventAsync(Defs.Number) + await context.CallAsync(Defs.Double, n) + await context.CallAsync(Defs.Flaky, n);
        });
        var failure = JsonNode.Parse("""{"type":"A","message":"first","nonRetriable":true,"inner":{"type":"B","message":"second"}}""")!;
        var parent = new JsonObject { ["instanceId"] = "above", ["name"] = "Above", ["taskScheduledId"] = 4 };
        var kept = await scenario.KeptAsync(
            [
                Turn(0), new JsonArray("started", "O", "1", "2", parent), new JsonArray("generic"), new JsonArray("state"), new JsonArray("continued"),
                new JsonArray("scheduled", 0, "Flaky", "1"), new JsonArray("turnEnd"),
                Turn(1), new JsonArray("failed", 0, failure.DeepClone()), Asked("child", 1),
                Turn(2), new JsonArray("childFailed", 1, failure.DeepClone()), Asked("child", 2),
                Turn(3), Completed("childDone", 2, 7), new JsonArray("timer", 3, Turn(4)[1]!.DeepClone()),
                Turn(4), new JsonArray("fired", 3, Turn(4)[1]!.DeepClone()), new JsonArray("sent", 4, "other", "Number", "1"),
                Turn(5), new JsonArray("suspended"), new JsonArray("raised", "Number", "6"), new JsonArray("resumed"), Scheduled(5),
                Turn(6), Completed("done", 5, 2), new JsonArray("scheduled", 6, "Flaky", "1"), Turn(7), new JsonArray("failed", 6, failure.DeepClone()), new JsonArray("ended", 3, null),
            ],
            [Turn(8), new JsonArray("rewound", "again")]);

        // An instance that was terminated has not failed, and a rewind takes the end out; those two are read by other tests.
        Assert.Equal(kept.Known.Except(["EXECUTIONCOMPLETED", "EXECUTIONTERMINATED"]), kept.Unchanged.Order(StringComparer.Ordinal));
        Assert.Equal(["EXECUTIONCOMPLETED", "TASKFAILED", "TASKSCHEDULED"], kept.Missing.Order(StringComparer.Ordinal));
    }

    private static async Task Caught(Task<int> task)
    {
        try
        {
            await task;
        }
        catch (TaskFailedException)
        {
            // The orchestrator goes on.
        }
    }

    private static ActivityDefinition<int, int> Count => Defs.Double with { Name = "Count" };

    private static ActivityDefinition<int, int> Mended => Defs.Double with { Name = "Mended" };
}
