using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Hub;

public sealed class EventDeliveryTests(Azurite azurite) : HubTest(azurite)
{
    private static readonly OrchestrationDefinition<int, int> Sum = Defs.IntToInt("Sum");
    private static readonly OrchestrationDefinition<int, int> Sender = Defs.IntToInt("Sender");
    private static readonly EventDefinition<int> Stop = new("Stop", TestJson.Default.Int32);

    private static OrchestrationRegistry UntilStopped() => Registry().AddOrchestration(Sum, async (context, sum) =>
    {
        var stop = context.WaitForEventAsync(Stop);
        while (true)
        {
            var number = context.WaitForEventAsync(Defs.Number);
            if (await Task.WhenAny(stop, number) == stop)
            {
                return sum;
            }
            sum += await number;
        }
    });

    [Fact]
    public async Task The_same_event_id_counts_once_before_and_after_it_is_taken_in_and_after_a_crash()
    {
        var harness = Harness(UntilStopped());
        var hub = await harness.StartAsync();
        await hub.StartAsync(Sum, "x", 0, Ct);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => hub.RaiseEventAsync("x", Defs.Number, 1, "one", Ct)));
        await hub.RaiseEventAsync("x", Defs.Number, 10, "ten", Ct);
        await harness.CrashAsync(hub);
        hub = await harness.StartAsync();

        await hub.RaiseEventAsync("x", Defs.Number, 1, "one", Ct);
        await hub.RaiseEventAsync("x", Defs.Number, 10, "ten", Ct);
        await hub.RaiseEventAsync("x", Stop, 0, "stop", Ct);

        Assert.Equal("11", (await hub.WaitForCompletionAsync("x", Ct)).Output);
    }

    [Fact]
    public async Task A_second_delivery_that_is_told_after_the_first_was_taken_in_stops_nothing()
    {
        var (refused, takenIn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var harness = Harness(UntilStopped());
        var hub = await harness.StartAsync(inner => new StoreBetween(inner)
        {
            Inserted = inserted =>
            {
                if (inserted)
                {
                    return refused.Task;
                }
                refused.TrySetResult();
                return takenIn.Task;
            },
        });
        await hub.StartAsync(Sum, "x", 0, Ct);
        var first = hub.RaiseEventAsync("x", Defs.Number, 1, "one", Ct);
        var second = hub.RaiseEventAsync("x", Defs.Number, 1, "one", Ct);
        await first;
        await UntilAsync(async () => await harness.CountInboxAsync("x") == 0);
        takenIn.SetResult();
        await second;
        await hub.RaiseEventAsync("x", Defs.Number, 10, "ten", Ct);
        await hub.RaiseEventAsync("x", Stop, 0, "stop", Ct);

        Assert.Equal("11", (await hub.WaitForCompletionAsync("x", Ct)).Output);
    }

    [Fact]
    public async Task Events_accepted_in_order_are_taken_in_order_also_more_than_a_transaction_holds()
    {
        var order = new OrchestrationDefinition<int, string>("Order", TestJson.Default.Int32, TestJson.Default.String);
        var harness = Harness(Registry().AddOrchestration(order, async (context, n) =>
        {
            await context.WaitForEventAsync(Stop);
            List<int> seen = [];
            for (var i = 0; i < n; i++)
            {
                seen.Add(await context.WaitForEventAsync(Defs.Number));
            }
            return string.Join(',', seen);
        }));
        // The hub dies somewhere among them; all are sent again to the next one.
        var hub = await harness.StartAsync(inner => new StoreBetween(inner) { DiesAt = 203 });
        await hub.StartAsync(order, "x", 200, Ct);
        await UntilAsync(async () => (await hub.GetAsync("x", Ct))!.Status == OrchestrationStatus.Running);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            for (var i = 0; i < 400; i++)
            {
                await hub.RaiseEventAsync("x", Defs.Number, i, $"event-{i}", Ct);
            }
        });
        await harness.CrashAsync(hub);
        hub = await harness.StartAsync();
        for (var i = 0; i < 200; i++)
        {
            await hub.RaiseEventAsync("x", Defs.Number, i, $"event-{i}", Ct);
        }
        await hub.RaiseEventAsync("x", Stop, 0, "stop", Ct);

        Assert.Equal($"\"{string.Join(',', Enumerable.Range(0, 200))}\"", (await hub.WaitForCompletionAsync("x", Ct)).Output);
    }

    [Fact]
    public async Task An_ended_instance_takes_no_events()
    {
        var hub = await Harness(UntilStopped()).StartAsync();
        await hub.StartAsync(Sum, "x", 0, Ct);
        await hub.RaiseEventAsync("x", Stop, 0, "stop", Ct);
        await hub.WaitForCompletionAsync("x", Ct);

        var refused = await Assert.ThrowsAsync<OrchestrationEndedException>(() => hub.RaiseEventAsync("x", Defs.Number, 1, "late", Ct));
        Assert.Equal(OrchestrationStatus.Completed, refused.Status);
    }

    [Fact]
    public async Task What_an_instance_sends_is_not_taken_for_what_a_purged_one_of_its_id_has_sent()
    {
        var registry = UntilStopped().AddOrchestration(Sender, (context, n) =>
        {
            context.SendEvent("x", Defs.Number, n);
            return Task.FromResult(n);
        });
        var hub = await Harness(registry).StartAsync();
        await hub.StartAsync(Sum, "x", 0, Ct);
        foreach (var n in new[] { 1, 10 })
        {
            await hub.StartAsync(Sender, "s", n, Ct);
            await hub.WaitForCompletionAsync("s", Ct);
            await hub.PurgeAsync("s", Ct);
        }
        await hub.RaiseEventAsync("x", Stop, 0, "stop", Ct);

        Assert.Equal("11", (await hub.WaitForCompletionAsync("x", Ct)).Output);
    }

    [Fact]
    public async Task One_instance_sends_to_another_and_to_nobody()
    {
        var registry = UntilStopped().AddOrchestration(Sender, (context, n) =>
        {
            context.SendEvent("nobody", Defs.Number, n);
            context.SendEvent("x", Defs.Number, n);
            context.SendEvent("x", Stop, 0);
            return Task.FromResult(n);
        });
        var harness = Harness(registry);
        var hub = await harness.StartAsync();
        await hub.StartAsync(Sum, "x", 0, Ct);
        await hub.StartAsync(Sender, "s", 7, Ct);

        Assert.Equal("7", (await hub.WaitForCompletionAsync("x", Ct)).Output);
        await UntilAsync(async () => await harness.CountLiveAsync() == 0);
    }
}
