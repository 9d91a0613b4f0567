using Dweb.Durable.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Dweb.Durable.Tests.Hub;

/// <summary>Many instances at once, and one that is many by itself.</summary>
public sealed class CrowdTests(Azurite azurite) : HubTest(azurite)
{
    private static readonly OrchestrationDefinition<int, int> Waiting = Defs.IntToInt("Waiting");
    private static readonly OrchestrationDefinition<int, int> Fan = Defs.IntToInt("Fan");

    [Fact]
    public Task Hundreds_of_waiting_instances_leave_memory_beyond_a_number_and_come_back_for_what_arrives() =>
        ComeBackAsync(200, mostIdle: 10, (harness, _) => harness.StartAsync());

    [Fact]
    public Task Thousands_do_so_on_a_storage_in_memory() =>
        ComeBackAsync(5_000, mostIdle: 50, (harness, memory) => harness.StartAsync(_ => memory, new GivenLease()));

    [Fact]
    public async Task Events_that_meet_an_instance_on_its_way_out_of_memory_are_not_lost()
    {
        var harness = Harness(Registry().AddOrchestration(Waiting, async (context, n) =>
        {
            var sum = 0;
            for (var i = 0; i < n; i++)
            {
                sum += await context.WaitForEventAsync(Defs.Number);
            }
            return sum;
        }), mostIdle: 1);
        var hub = await harness.StartAsync();
        var ids = Enumerable.Range(0, 10).Select(i => $"w{i}").ToArray();
        await Parallel.ForEachAsync(ids, Ct, async (id, ct) => await hub.StartAsync(Waiting, id, 25, ct));
        await Parallel.ForEachAsync(ids.SelectMany(_ => Enumerable.Range(0, 25), (id, i) => (id, i)), Ct,
            async (to, ct) => await hub.RaiseEventAsync(to.id, Defs.Number, to.i, $"{to.i}", ct));

        foreach (var id in ids)
        {
            Assert.Equal("300", (await hub.WaitForCompletionAsync(id, Ct)).Output);
        }
    }

    [Fact]
    public async Task Open_activities_bring_instances_back_that_have_left_memory()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = 0;
        var slow = Defs.Double with { Name = "Slow" };
        var harness = Harness(Registry()
            .AddActivity(slow, async (_, n, ct) =>
            {
                Interlocked.Increment(ref runs);
                await gate.Task.WaitAsync(ct);
                return n;
            })
            .AddOrchestration(Waiting, (context, n) => context.CallAsync(slow, n)), mostIdle: 1);
        var hub = await harness.StartAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 20), Ct, async (i, ct) => await hub.StartAsync(Waiting, $"w{i}", i, ct));
        await UntilAsync(() => Task.FromResult(Volatile.Read(ref runs) == 20 && hub.HistoriesInMemory <= 1));
        gate.SetResult();

        foreach (var i in Enumerable.Range(0, 20))
        {
            Assert.Equal($"{i}", (await hub.WaitForCompletionAsync($"w{i}", Ct)).Output);
        }
        Assert.Equal(20, runs);
    }

    [Fact]
    public async Task Timers_of_instances_that_have_left_memory_fire_once()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var harness = Harness(Registry().AddOrchestration(Waiting, async (context, n) =>
        {
            await context.CreateTimerAsync(TimeSpan.FromHours(1));
            return await context.CallAsync(Defs.Double, n);
        }), time, mostIdle: 1);
        var hub = await harness.StartAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 20), Ct, async (i, ct) => await hub.StartAsync(Waiting, $"w{i}", i, ct));
        await UntilAsync(async () => (await hub.ListAsync(new() { Statuses = [OrchestrationStatus.Running] }, Ct).ToListAsync(Ct)).Count == 20 && hub.HistoriesInMemory <= 1);
        time.Advance(TimeSpan.FromHours(2));

        foreach (var i in Enumerable.Range(0, 20))
        {
            Assert.Equal($"{2 * i}", (await hub.WaitForCompletionAsync($"w{i}", Ct)).Output);
        }
    }

    [Fact]
    public async Task Messages_already_delivered_are_not_written_again_when_an_instance_comes_back()
    {
        StoreBetween? store = null;
        var harness = Harness(Registry()
            .AddOrchestration(Fan, (context, _) => context.WaitForEventAsync(Defs.Number))
            .AddOrchestration(Waiting, async (context, n) =>
            {
                context.SendEvent("nobody", Defs.Number, n);
                return await context.WaitForEventAsync(Defs.Number);
            }), mostIdle: 1);
        var hub = await harness.StartAsync(inner => store = new StoreBetween(inner));
        await hub.StartAsync(Waiting, "w", 1, Ct);
        await UntilAsync(async () => (await hub.GetAsync("w", Ct))!.Status == OrchestrationStatus.Running);
        await hub.StartAsync(Fan, "other", 1, Ct);
        await UntilAsync(async () => (await hub.GetAsync("other", Ct))!.Status == OrchestrationStatus.Running);
        var before = store!.Writes;
        await hub.RaiseEventAsync("w", Defs.Number, 4, "e", Ct);
        await hub.WaitForCompletionAsync("w", Ct);
        await UntilAsync(async () => await harness.CountLiveAsync() == 1);

        // The event, the commit that takes it in, and the entry of the live index.
        Assert.Equal(3, store.Writes - before);
    }

    [Fact]
    public async Task Others_go_on_while_one_instance_fans_out_to_a_thousand()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = Defs.Double with { Name = "Slow" };
        var harness = Harness(Registry()
            .AddActivity(slow, async (_, n, ct) =>
            {
                await gate.Task.WaitAsync(ct);
                return n;
            })
            .AddOrchestration(Fan, async (context, n) => (await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallAsync(slow, i)))).Sum())
            .AddOrchestration(Waiting, async (context, n) => await context.CallAsync(Defs.Double, n) + await context.CallAsync(Defs.Double, n)), activitiesAtATime: 16);
        var hub = await harness.StartAsync();
        await hub.StartAsync(Fan, "fan", 1_000, Ct);
        await UntilAsync(async () => (await hub.GetAsync("fan", Ct))!.Status == OrchestrationStatus.Running);
        foreach (var i in Enumerable.Range(0, 10))
        {
            await hub.StartAsync(Waiting, $"w{i}", i, Ct);
        }
        // None of the thousand can end before the others have.
        foreach (var i in Enumerable.Range(0, 10))
        {
            Assert.Equal($"{4 * i}", (await hub.WaitForCompletionAsync($"w{i}", Ct)).Output);
        }
        gate.SetResult();

        Assert.Equal("499500", (await hub.WaitForCompletionAsync("fan", Ct)).Output);
    }

    private async Task ComeBackAsync(int crowd, int mostIdle, Func<HubHarness, MemoryStore, Task<EmbeddedHub>> startAsync)
    {
        var harness = Harness(Registry().AddOrchestration(Waiting, async (context, n) =>
            await context.CallAsync(Defs.Double, n) + await context.WaitForEventAsync(Defs.Number) + await context.WaitForEventAsync(Defs.Number)), mostIdle: mostIdle);
        var memory = new MemoryStore();
        var hub = await startAsync(harness, memory);
        var all = Enumerable.Range(0, crowd);
        await Parallel.ForEachAsync(all, Ct, async (i, ct) => await hub.StartAsync(Waiting, $"w{i}", i, ct));
        await Parallel.ForEachAsync(all, Ct, async (i, ct) => await hub.RaiseEventAsync($"w{i}", Defs.Number, 1_000, "one", ct));
        await UntilAsync(() => Task.FromResult(hub.HistoriesInMemory <= mostIdle));
        await harness.CrashAsync(hub);
        hub = await startAsync(harness, memory);
        await Parallel.ForEachAsync(all, Ct, async (i, ct) => await hub.RaiseEventAsync($"w{i}", Defs.Number, 5, "two", ct));
        await UntilAsync(() => Task.FromResult(hub.HistoriesInMemory <= mostIdle));

        foreach (var i in all)
        {
            Assert.Equal($"{(2 * i) + 1_005}", (await hub.WaitForCompletionAsync($"w{i}", Ct)).Output);
        }
    }
}
