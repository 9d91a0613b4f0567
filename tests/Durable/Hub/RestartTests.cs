using Azure.Data.Tables;
using Dweb.Durable.Storage;
using Dweb.Durable.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Dweb.Durable.Tests.Hub;

public sealed class RestartTests(Azurite azurite) : HubTest(azurite)
{
    private static readonly OrchestrationDefinition<int, int> Work = Defs.IntToInt("Work");

    [Fact]
    public async Task The_live_index_has_an_instance_from_before_its_start_until_its_end()
    {
        var harness = Harness(Registry().AddOrchestration(Work, async (context, _) => await context.WaitForEventAsync(Defs.Number)));
        var hub = await harness.StartAsync();
        await hub.StartAsync(Work, "w", 1, Ct);
        Assert.Equal(1, await harness.CountLiveAsync());

        await hub.RaiseEventAsync("w", Defs.Number, 1, "e", Ct);
        await hub.WaitForCompletionAsync("w", Ct);
        await UntilAsync(async () => await harness.CountLiveAsync() == 0);
    }

    [Fact]
    public async Task An_entry_of_the_live_index_without_an_instance_is_dropped_at_start()
    {
        var harness = Harness(Registry());
        await harness.Store.CreateAsync(Ct);
        await harness.Store.UpsertAsync(HubTable.Live, new TableEntity(RowKeys.LivePartition, "ghost") { ["Id"] = "ghost" }, Ct);

        await harness.StartAsync();

        await UntilAsync(async () => await harness.CountLiveAsync() == 0);
    }

    [Fact]
    public async Task An_entry_that_is_dropped_late_is_not_that_of_an_instance_started_meanwhile()
    {
        var harness = Harness(Registry().AddOrchestration(Work, (context, _) => context.WaitForEventAsync(Defs.Number)));
        await harness.Store.CreateAsync(Ct);
        await harness.Store.UpsertAsync(HubTable.Live, new TableEntity(RowKeys.LivePartition, "late") { ["Id"] = "late" }, Ct);
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var hub = await harness.StartAsync(inner => new StoreBetween(inner)
        {
            DeletingLive = () =>
            {
                asked.TrySetResult();
                return go.Task;
            },
        });
        await asked.Task.WaitAsync(Ct);
        await hub.StartAsync(Work, "late", 1, Ct);
        go.SetResult();
        await UntilAsync(async () => (await hub.GetAsync("late", Ct))!.Status == OrchestrationStatus.Running);

        Assert.Equal(1, await harness.CountLiveAsync());
    }

    [Fact]
    public async Task New_work_goes_through_while_the_instances_of_before_are_still_being_read()
    {
        var harness = Harness(Registry().AddOrchestration(Work, (context, n) => n < 0 ? context.WaitForEventAsync(Defs.Number) : context.CallAsync(Defs.Double, n)));
        var hub = await harness.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => hub.StartAsync(Work, $"w{i}", -1, Ct)));
        await harness.CrashAsync(hub);
        var read = new TaskCompletionSource();
        hub = await harness.StartAsync(inner => new StoreBetween(inner) { Querying = filter => filter.Contains("'w", StringComparison.Ordinal) ? read.Task : Task.CompletedTask });

        await hub.StartAsync(Work, "new", 4, Ct);
        Assert.Equal("8", (await hub.WaitForCompletionAsync("new", Ct)).Output);
        read.SetResult();
        await hub.RaiseEventAsync("w7", Defs.Number, 1, "e", Ct);
        Assert.Equal("1", (await hub.WaitForCompletionAsync("w7", Ct)).Output);
    }

    [Fact]
    public async Task All_live_instances_go_on_after_a_crash()
    {
        var harness = Harness(Registry().AddOrchestration(Work, async (context, n) =>
            await context.CallAsync(Defs.Double, n) + await context.WaitForEventAsync(Defs.Number)));
        var hub = await harness.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => hub.StartAsync(Work, $"w{i}", i, Ct)));
        await harness.CrashAsync(hub);
        hub = await harness.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => hub.RaiseEventAsync($"w{i}", Defs.Number, 1, "e", Ct)));

        foreach (var i in Enumerable.Range(0, 40))
        {
            Assert.Equal($"{(2 * i) + 1}", (await hub.WaitForCompletionAsync($"w{i}", Ct)).Output);
        }
    }

    [Fact]
    public async Task An_activity_that_was_running_in_a_crash_runs_again_under_the_same_task_id()
    {
        var calls = new System.Collections.Concurrent.ConcurrentQueue<ActivityContext>();
        var entered = new TaskCompletionSource();
        var registry = new OrchestrationRegistry()
            .AddOrchestration(Work, (context, n) => context.CallAsync(Defs.Double, n))
            .AddActivity(Defs.Double, async (context, n, ct) =>
            {
                calls.Enqueue(context);
                if (entered.TrySetResult())
                {
                    await Task.Delay(Timeout.Infinite, ct);
                }
                return 2 * n;
            });
        var harness = Harness(registry);
        var hub = await harness.StartAsync();
        await hub.StartAsync(Work, "w", 4, Ct);
        await entered.Task.WaitAsync(Ct);
        await harness.CrashAsync(hub);
        hub = await harness.StartAsync();

        Assert.Equal("8", (await hub.WaitForCompletionAsync("w", Ct)).Output);
        Assert.Equal(2, calls.Count);
        Assert.Single(calls.Distinct());
    }

    [Fact]
    public async Task A_timer_fires_at_its_time_and_one_past_due_at_the_start()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var harness = Harness(Registry().AddOrchestration(Work, async (context, n) =>
        {
            await context.CreateTimerAsync(TimeSpan.FromHours(1));
            context.SetCustomStatus("\"once\"");
            await context.CreateTimerAsync(TimeSpan.FromHours(1));
            return n;
        }), time);
        var hub = await harness.StartAsync();
        await hub.StartAsync(Work, "w", 4, Ct);
        await UntilAsync(async () => (await hub.GetAsync("w", Ct))!.Status == OrchestrationStatus.Running);
        time.Advance(TimeSpan.FromHours(1));
        await UntilAsync(async () => (await hub.GetAsync("w", Ct))!.CustomStatus == "\"once\"");
        await harness.CrashAsync(hub);
        time.Advance(TimeSpan.FromHours(5));
        hub = await harness.StartAsync();

        Assert.Equal("4", (await hub.WaitForCompletionAsync("w", Ct)).Output);
    }

    [Fact]
    public async Task A_graceful_stop_cancels_activities_and_the_next_start_runs_them_again()
    {
        var entered = new TaskCompletionSource();
        var registry = new OrchestrationRegistry()
            .AddOrchestration(Work, (context, n) => context.CallAsync(Defs.Double, n))
            .AddActivity(Defs.Double, async (_, n, ct) =>
            {
                if (entered.TrySetResult())
                {
                    await Task.Delay(Timeout.Infinite, ct);
                }
                return 2 * n;
            });
        var harness = Harness(registry, useLockFile: false);
        var hub = await harness.StartAsync();
        await hub.StartAsync(Work, "w", 4, Ct);
        await entered.Task.WaitAsync(Ct);
        await hub.StopAsync(Ct);
        hub = await harness.StartAsync();

        Assert.Equal("8", (await hub.WaitForCompletionAsync("w", Ct)).Output);
    }
}
