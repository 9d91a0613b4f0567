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
}
