using Dweb.Durable.Storage;
using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Hub;

public sealed class LifecycleTests(Azurite azurite) : HubTest(azurite)
{
    private static readonly OrchestrationDefinition<int, int> Parent = Defs.IntToInt("Parent");
    private static readonly OrchestrationDefinition<int, int> Child = Defs.IntToInt("Child");

    [Fact]
    public async Task Ending_a_hub_twice_is_ending_it()
    {
        var hub = await Harness(Registry()).StartAsync();
        await hub.StopAsync(Ct);
        await hub.DisposeAsync();
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task Suspended_instances_take_events_in_and_go_on_when_resumed()
    {
        var hub = await Harness(Registry().AddOrchestration(Parent, async (context, _) => await context.WaitForEventAsync(Defs.Number))).StartAsync();
        await hub.StartAsync(Parent, "p", 0, Ct);
        await hub.SuspendAsync("p", "wait", Ct);
        await hub.RaiseEventAsync("p", Defs.Number, 4, "e", Ct);
        await UntilAsync(async () => (await hub.GetAsync("p", Ct))!.Status == OrchestrationStatus.Suspended);
        await hub.ResumeAsync("p", null, Ct);

        Assert.Equal("4", (await hub.WaitForCompletionAsync("p", Ct)).Output);
    }

    [Fact]
    public async Task Termination_reaches_open_children()
    {
        var harness = Harness(Registry()
            .AddOrchestration(Parent, (context, _) => context.CallSubOrchestrationAsync(Child, 1, "child"))
            .AddOrchestration(Child, async (context, _) => await context.WaitForEventAsync(Defs.Number)));
        var hub = await harness.StartAsync();
        await hub.StartAsync(Parent, "p", 0, Ct);
        await UntilAsync(async () => await hub.GetAsync("child", Ct) is not null);
        await hub.TerminateAsync("p", "\"enough\"", Ct);

        Assert.Equal(OrchestrationStatus.Terminated, (await hub.WaitForCompletionAsync("p", Ct)).Status);
        Assert.Equal((OrchestrationStatus.Terminated, "\"enough\""), await EndAsync(hub, "child"));
        await hub.TerminateAsync("p", "again", Ct);
        await UntilAsync(async () => await harness.CountLiveAsync() == 0);
    }

    [Fact]
    public async Task A_childs_result_and_failure_come_back_to_the_parent()
    {
        var hub = await Harness(Registry()
            .AddOrchestration(Parent, async (context, n) =>
            {
                var good = await context.CallSubOrchestrationAsync(Child, n);
                try
                {
                    return await context.CallSubOrchestrationAsync(Child, -1);
                }
                catch (TaskFailedException failed) when (failed.Failure.IsCausedBy<ArgumentException>())
                {
                    return good;
                }
            })
            .AddOrchestration(Child, async (context, n) => n < 0 ? throw new ArgumentException("negative", nameof(n)) : await context.CallAsync(Defs.Double, n)))
            .StartAsync();
        await hub.StartAsync(Parent, "p", 8, Ct);

        Assert.Equal((OrchestrationStatus.Completed, "16"), await EndAsync(hub, "p"));
    }

    [Fact]
    public async Task A_child_whose_id_is_taken_fails_in_the_parent()
    {
        var hub = await Harness(Registry()
            .AddOrchestration(Parent, (context, n) => context.CallSubOrchestrationAsync(Child, n, "taken"))
            .AddOrchestration(Child, (_, n) => Task.FromResult(n)))
            .StartAsync();
        await hub.StartAsync(Child, "taken", 5, Ct);
        await hub.StartAsync(Parent, "p", 5, Ct);

        var state = await hub.WaitForCompletionAsync("p", Ct);
        Assert.Equal(OrchestrationStatus.Failed, state.Status);
        Assert.Contains("'taken' is taken", state.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Continue_as_new_keeps_untaken_events_and_drops_old_pages()
    {
        var harness = Harness(Registry().AddOrchestration(Parent, async (context, n) =>
        {
            var number = await context.WaitForEventAsync(Defs.Number);
            await context.CallAsync(Defs.Double, number);
            if (number < 0)
            {
                return n;
            }
            context.ContinueAsNew(n + number);
            return 0;
        }));
        var hub = await harness.StartAsync();
        await hub.StartAsync(Parent, "p", 0, Ct);
        foreach (var number in new[] { 1, 2, 3, 4, -1 })
        {
            await hub.RaiseEventAsync("p", Defs.Number, number, $"e{number}", Ct);
            await hub.RaiseEventAsync("p", Defs.Number, number, $"e{number}", Ct);
        }

        var state = await hub.WaitForCompletionAsync("p", Ct);
        Assert.Equal(("10", "10"), (state.Output, state.Input));
        await UntilAsync(async () => (await GenerationsAsync(harness)).SetEquals([4]));
    }

    [Fact]
    public async Task A_purged_instance_leaves_nothing_and_its_id_can_be_used_again()
    {
        var harness = Harness(Registry().AddOrchestration(Parent, (_, n) => Task.FromResult(n)).AddOrchestration(
            Child, async (context, _) => await context.WaitForEventAsync(Defs.Number)));
        var hub = await harness.StartAsync();
        await hub.StartAsync(Parent, "p", 1, Ct);
        await hub.WaitForCompletionAsync("p", Ct);
        await hub.StartAsync(Child, "c", 1, Ct);

        await hub.PurgeAsync("p", Ct);
        await hub.PurgeAsync("p", Ct);
        Assert.Null(await hub.GetAsync("p", Ct));
        await Assert.ThrowsAsync<OrchestrationConflictException>(() => hub.PurgeAsync("c", Ct));
        await hub.StartAsync(Parent, "p", 2, Ct);
        Assert.Equal("2", (await hub.WaitForCompletionAsync("p", Ct)).Output);
    }

    [Fact]
    public async Task Lists_are_filtered_by_name_status_and_prefix()
    {
        var hub = await Harness(Registry().AddOrchestration(Parent, (_, n) => Task.FromResult(n)).AddOrchestration(
            Child, async (context, _) => await context.WaitForEventAsync(Defs.Number))).StartAsync();
        foreach (var id in new[] { "a1", "a2", "b1" })
        {
            await hub.StartAsync(Parent, id, 1, Ct);
            await hub.WaitForCompletionAsync(id, Ct);
        }
        await hub.StartAsync(Child, "a3", 1, Ct);

        async Task<string> Ids(OrchestrationQuery query) => string.Join(',', (await hub.ListAsync(query, Ct).ToListAsync(Ct)).Select(state => state.InstanceId).Order(StringComparer.Ordinal));
        Assert.Equal("a1,a2,a3,b1", await Ids(new()));
        Assert.Equal("a1,a2,a3", await Ids(new() { InstanceIdPrefix = "a" }));
        Assert.Equal("a3", await Ids(new() { Name = "Child" }));
        Assert.Equal("a1,a2,b1", await Ids(new() { Statuses = [OrchestrationStatus.Completed] }));
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_fails_the_instance()
    {
        var harness = Harness(Registry());
        await using var hub = new EmbeddedHub(harness.Options, (_, _) => ValueTask.FromResult(new byte[] { 0xFF }), (_, _, _, _, _) => throw new InvalidOperationException(),
            TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<EmbeddedHub>.Instance);
        await hub.StartAsync(Ct);
        await hub.StartAsync(Parent, "p", 1, Ct);

        var state = await hub.WaitForCompletionAsync("p", Ct);
        Assert.Equal(OrchestrationStatus.Failed, state.Status);
        Assert.Contains("cannot be read", state.Failure!.Message, StringComparison.Ordinal);
    }

    private static async Task<(OrchestrationStatus, string?)> EndAsync(EmbeddedHub hub, string id)
    {
        var state = await hub.WaitForCompletionAsync(id, Ct);
        return (state.Status, state.Output);
    }

    private static async Task<HashSet<int>> GenerationsAsync(HubHarness harness)
    {
        HashSet<int> generations = [];
        await foreach (var row in harness.Store.QueryAsync(HubTable.Instances, "PartitionKey eq 'p' and RowKey ge 'h|' and RowKey lt 'i'", Ct))
        {
            generations.Add(RowKeys.ParsePage(row.RowKey).Generation);
        }
        return generations;
    }
}
