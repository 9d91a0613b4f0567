using System.Text.Json.Nodes;
using Dweb.Durable.Tests.Fixtures;
using static Dweb.Durable.Tests.Conformance.Script;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>Continue-as-new, with what has come and was not taken yet.</summary>
public sealed class RenewalScenarioTests(PeerHost peer)
{
    [Fact]
    public async Task Continue_as_new_keeps_pending_events_in_order()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, sum) =>
        {
            var number = await context.WaitForEventAsync(Defs.Number);
            if (number == 0)
            {
                return sum;
            }
            context.ContinueAsNew((10 * sum) + number);
            return 0;
        });
        var id = await scenario.StartAsync(input: 0);
        foreach (var number in new[] { 1, 2, 3, 4, 0 })
        {
            await scenario.RaiseAsync(id, "Number", number);
        }

        Assert.Equal("1234", (await scenario.EndAsync(id)).Output);
    }

    [Fact]
    public async Task Continue_as_new_drops_pending_events_when_told_so()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, n) =>
        {
            if (n == 0)
            {
                return (await context.WaitForEventAsync(Defs.Number, TimeSpan.Zero)).TimedOut ? 100 : 200;
            }
            await context.WaitForEventAsync(Defs.Number with { Name = "Go" });
            context.ContinueAsNew(n - 1, keepEvents: false);
            return 0;
        });
        var id = await scenario.StartAsync();
        await scenario.PushAsync(id, ["raised", "Number", "1"], ["raised", "Go", "1"]);

        Assert.Equal("100", (await scenario.EndAsync(id)).Output);
    }

    [Fact]
    public async Task Continue_as_new_many_times_ends_with_a_short_history()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, n) =>
        {
            await context.CallAsync(Defs.Double, n);
            if (n < 40)
            {
                context.ContinueAsNew(n + 1);
            }
            return n;
        });

        var end = await scenario.EndAsync(await scenario.StartAsync());
        Assert.Equal("40", end.Output);
        Assert.InRange(end.History.Count, 1, 8);
    }

    [Fact]
    public async Task What_comes_in_the_turn_of_the_renewal_after_it_is_carried_over_if_it_is_an_event()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, n) =>
        {
            _ = context.CallAsync(Defs.Double, n);
            context.ContinueAsNew(await context.CallAsync(Defs.Double, n));
            return 0;
        });
        var end = Single(await scenario.TurnAsync(
            [Turn(0), Started(0), Scheduled(0), Scheduled(1)],
            [Turn(1), new JsonArray("raised", "A", "1"), Completed("done", 1, 5), new JsonArray("raised", "B", "2"), Completed("done", 0, 6), new JsonArray("raised", "A", "3")]));

        Assert.Equal((2, "5"), ((int)end["status"]!, (string?)end["input"]));
        Assert.Equal(["A", "B", "A"], end["events"]!.AsArray().Select(name => (string)name!));
    }

    [Fact]
    public async Task Events_held_back_while_suspended_go_to_the_next_generation_when_this_one_does_not_take_them()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, n) =>
        {
            if (n == 0)
            {
                return await context.WaitForEventAsync(Defs.Number) * 10 + await context.WaitForEventAsync(Defs.Number);
            }
            await context.WaitForEventAsync(Defs.Number with { Name = "Go" });
            context.ContinueAsNew(n - 1);
            return 0;
        });
        var id = await scenario.StartAsync();
        await scenario.SuspendAsync(id);
        await scenario.PushAsync(id, ["raised", "Number", "4"], ["raised", "Go", "1"], ["raised", "Number", "2"]);
        await scenario.SeenAsync(id, "EVENTRAISED", 3);
        await scenario.ResumeAsync(id);

        Assert.Equal("42", (await scenario.EndAsync(id)).Output);
    }
}
