using Dweb.Durable.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Dweb.Durable.Tests.Hub;

public sealed class ManagementTests(Azurite azurite) : HubTest(azurite)
{
    private static readonly OrchestrationDefinition<int, int> Quick = Defs.IntToInt("Quick");
    private static readonly OrchestrationDefinition<int, int> Waiting = Defs.IntToInt("Waiting");

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Pages_of_any_size_hold_each_match_once(int size)
    {
        var hub = await WithInstancesAsync(Harness(Code()), "a", 12);
        await hub.StartAsync(Waiting, "b", 1, Ct);
        var query = new OrchestrationQuery { Name = "Quick" };
        List<string> seen = [];
        string? next = null;
        do
        {
            var page = await hub.ListPageAsync(query, size, next, Ct);
            Assert.InRange(page.Items.Count, 0, size);
            seen.AddRange(page.Items.Select(state => state.InstanceId));
            next = page.Continuation;
        }
        while (next is not null);

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"a{i:x}"), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Filters_are_joined_and_a_prefix_may_hold_any_character()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        var hub = await Harness(Code(), time).StartAsync();
        foreach (var id in new[] { "it's/1", "it's/2", "it's", "its" })
        {
            await hub.StartAsync(Quick, id, 1, Ct);
            await hub.WaitForCompletionAsync(id, Ct);
            time.Advance(TimeSpan.FromHours(1));
        }

        async Task<string> Ids(OrchestrationQuery query) => string.Join(' ', (await hub.ListPageAsync(query, 10, null, Ct)).Items.Select(state => state.InstanceId).Order(StringComparer.Ordinal));
        Assert.Equal("it's/1 it's/2", await Ids(new() { InstanceIdPrefix = "it's/" }));
        var begin = time.GetUtcNow().AddHours(-4);
        Assert.Equal("it's it's/2", await Ids(new() { CreatedFrom = begin.AddHours(1), CreatedBefore = begin.AddHours(3) }));
        Assert.Equal("it's/1", await Ids(new() { UpdatedBefore = begin.AddHours(1), Statuses = [OrchestrationStatus.Completed, OrchestrationStatus.Failed] }));
        Assert.Equal("", await Ids(new() { Name = "Quick", Statuses = [OrchestrationStatus.Running] }));
    }

    [Fact]
    public async Task A_purge_by_age_and_status_takes_what_has_ended_and_leaves_the_rest()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        var hub = await WithInstancesAsync(Harness(Code(), time), "old", 3);
        await hub.StartAsync(Waiting, "old-waiting", 1, Ct);
        time.Advance(TimeSpan.FromDays(10));
        await hub.StartAsync(Quick, "young", 1, Ct);
        await hub.WaitForCompletionAsync("young", Ct);
        var before = time.GetUtcNow().AddDays(-5);

        Assert.Equal(0, await hub.PurgeAsync(new OrchestrationQuery { UpdatedBefore = before, Statuses = [OrchestrationStatus.Failed] }, Ct));
        Assert.Equal(3, await hub.PurgeAsync(new OrchestrationQuery { UpdatedBefore = before }, Ct));
        Assert.Equal(["old-waiting", "young"], (await hub.ListAsync(new(), Ct).ToListAsync(Ct)).Select(state => state.InstanceId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_version_of_an_instance_is_shown_and_reaches_its_orchestrator()
    {
        var hub = await Harness(new OrchestrationRegistry().AddOrchestration(Defs.IntToString("V"), (context, _) => Task.FromResult($"{context.Version}"))).StartAsync();
        await hub.StartAsync(Defs.IntToString("V") with { Version = "1.4" }, "v", 1, Ct);

        var end = await hub.WaitForCompletionAsync("v", Ct);
        Assert.Equal(("1.4", "\"1.4\""), (end.Version, end.Output));
    }

    private static OrchestrationRegistry Code() => Registry()
        .AddOrchestration(Quick, (_, n) => Task.FromResult(n))
        .AddOrchestration(Waiting, (context, _) => context.WaitForEventAsync(Defs.Number));

    private static async Task<EmbeddedHub> WithInstancesAsync(HubHarness harness, string prefix, int count)
    {
        var hub = await harness.StartAsync();
        for (var i = 0; i < count; i++)
        {
            await hub.StartAsync(Quick, $"{prefix}{i:x}", i, Ct);
            await hub.WaitForCompletionAsync($"{prefix}{i:x}", Ct);
        }
        return hub;
    }
}
