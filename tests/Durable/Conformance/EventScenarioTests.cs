using System.Text.Json.Nodes;
using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>Events from the peer's clients and between instances in its backend.</summary>
public sealed class EventScenarioTests(PeerHost peer)
{
    [Fact]
    public async Task An_event_that_comes_with_the_start_is_kept_for_its_wait()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, n) =>
        {
            await context.CallAsync(Defs.Double, n);
            return await context.WaitForEventAsync(Defs.Number);
        });
        var id = await scenario.StartAsync();
        await scenario.RaiseAsync(id, "Number", 7);

        Assert.Equal("7", (await scenario.EndAsync(id)).Output);
    }

    [Fact]
    public async Task Names_are_compared_without_regard_to_case()
    {
        var scenario = new Scenario(peer).Orchestration("O", (context, _) => context.WaitForEventAsync(Defs.Number));
        var id = await scenario.StartAsync();
        await scenario.RaiseAsync(id, "nUMBER", 7);

        Assert.Equal("7", (await scenario.EndAsync(id)).Output);
    }

    [Fact]
    public async Task Fifty_events_of_two_names_are_taken_in_the_order_of_each_name()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, _) =>
        {
            var (numbers, others) = (0, 0);
            for (var i = 0; i < 25; i++)
            {
                numbers = await context.WaitForEventAsync(Defs.Number) > numbers ? numbers + 1 : -1_000;
                others = await context.WaitForEventAsync(Defs.Number with { Name = "Other" }) > others ? others + 1 : -1_000;
            }
            return numbers + others;
        });
        var id = await scenario.StartAsync();
        for (var i = 1; i <= 25; i++)
        {
            await scenario.RaiseAsync(id, "Other", i);
            await scenario.RaiseAsync(id, "Number", i);
        }

        Assert.Equal("50", (await scenario.EndAsync(id)).Output);
    }

    [Fact]
    public async Task An_event_wins_over_its_timeout()
    {
        var scenario = new Scenario(peer).Orchestration("O", async (context, _) =>
            (await context.WaitForEventAsync(Defs.Number, TimeSpan.FromDays(1))).Value);
        var id = await scenario.StartAsync();
        await scenario.SeenAsync(id, "TIMERCREATED");
        await scenario.RaiseAsync(id, "Number", 7);

        Assert.Equal("7", (await scenario.EndAsync(id)).Output);
    }

    [Fact]
    public async Task One_instance_sends_to_another_and_to_nobody()
    {
        var scenario = new Scenario(peer);
        scenario.Orchestration("Receiver", (context, _) => context.WaitForEventAsync(Defs.Number)).Orchestration("O", (context, n) =>
        {
            context.SendEvent(scenario.IdOf("nobody"), Defs.Number, 1);
            context.SendEvent(scenario.IdOf("receiver"), Defs.Number, 9);
            return Task.FromResult(n);
        });
        var receiver = await scenario.StartAsync("Receiver", suffix: "receiver");
        var sender = await scenario.StartAsync();

        Assert.Equal("9", (await scenario.EndAsync(receiver)).Output);
        Assert.Equal(2, (await scenario.EndAsync(sender)).History.Count(kind => kind == "EVENTSENT"));
    }

    [Fact]
    public async Task Ten_thousand_events_are_taken_in_and_replayed_in_the_turn_after()
    {
        const int Events = 10_000;
        var scenario = new Scenario(peer).Orchestration("O", async (context, sum) =>
        {
            for (var i = 1; i <= Events; i++)
            {
                sum += await context.WaitForEventAsync(Defs.Number) == i ? 1 : 0;
            }
            return await context.CallAsync(Defs.Double, sum);
        });
        var id = await scenario.StartAsync(input: 0);
        await scenario.PushAsync(id, [.. Enumerable.Range(1, Events).Select(i => new JsonArray("raised", "nUmber", $"{i}"))]);

        var end = await scenario.EndAsync(id);
        Assert.Equal($"{2 * Events}", end.Output);
        Assert.InRange(end.History.Count, Events + 5, Events + 10);
    }
}
