using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Hub;

public sealed class StartTests(Azurite azurite) : HubTest(azurite)
{
    private static readonly OrchestrationDefinition<int, int> Twice = Defs.IntToInt("Twice");

    [Fact]
    public async Task An_orchestration_of_activities_and_an_event_ends_with_its_result()
    {
        var registry = Registry().AddOrchestration(Twice, async (context, n) =>
            await context.CallAsync(Defs.Double, n) + await context.WaitForEventAsync(Defs.Number));
        var hub = await Harness(registry).StartAsync();

        await hub.StartAsync(Twice, "a/b#c?", 4, Ct);
        await hub.RaiseEventAsync("a/b#c?", Defs.Number, 5, "event-1", Ct);

        var state = await hub.WaitForCompletionAsync("a/b#c?", Ct);
        Assert.Equal((OrchestrationStatus.Completed, "13", "4", "a/b#c?", "Twice"), (state.Status, state.Output, state.Input, state.InstanceId, state.Name));
    }

    [Fact]
    public async Task A_work_item_costs_one_transaction()
    {
        var registry = Registry().AddOrchestration(Twice, async (context, n) =>
            await context.CallAsync(Defs.Double, n) + await context.WaitForEventAsync(Defs.Number));
        StoreBetween? store = null;
        var hub = await Harness(registry).StartAsync(inner => store = new StoreBetween(inner));

        await hub.StartAsync(Twice, "one", 4, Ct);
        await hub.RaiseEventAsync("one", Defs.Number, 5, "event-1", Ct);
        await hub.WaitForCompletionAsync("one", Ct);

        // The start and at most three work items: begin, activity, event.
        Assert.InRange(store!.Transactions, 3, 4);
    }

    [Fact]
    public async Task The_same_start_twice_is_one_instance_also_after_it_has_ended()
    {
        var runs = 0;
        var registry = Registry().AddOrchestration(Twice, (_, n) => Task.FromResult(n + Interlocked.Increment(ref runs)));
        var harness = Harness(registry);
        var hub = await harness.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => hub.StartAsync(Twice, "same", 10, Ct)));
        await hub.WaitForCompletionAsync("same", Ct);
        await hub.StartAsync(Twice, "same", 10, Ct);

        Assert.Equal("11", (await hub.WaitForCompletionAsync("same", Ct)).Output);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Another_input_or_another_name_under_a_taken_id_is_a_conflict()
    {
        var registry = Registry().AddOrchestration(Twice, async (context, _) => await context.WaitForEventAsync(Defs.Number));
        var hub = await Harness(registry).StartAsync();
        await hub.StartAsync(Twice, "taken", 1, Ct);

        await Assert.ThrowsAsync<OrchestrationConflictException>(() => hub.StartAsync(Twice, "taken", 2, Ct));
        await Assert.ThrowsAsync<OrchestrationConflictException>(() => hub.StartAsync(Defs.IntToInt("Other"), "taken", 1, Ct));
    }

    [Fact]
    public async Task What_does_not_exist_is_said_to_be_missing()
    {
        var hub = await Harness(Registry()).StartAsync();

        Assert.Null(await hub.GetAsync("nobody", Ct));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => hub.RaiseEventAsync("nobody", Defs.Number, 1, "e", Ct));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => hub.TerminateAsync("nobody", null, Ct));
        await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => hub.WaitForCompletionAsync("nobody", Ct));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("1abc")]
    [InlineData("a-bc")]
    public void A_hub_name_that_no_table_can_have_is_refused_with_its_range(string name)
    {
        var options = Harness(Registry()).Options with { HubName = name };
        var refused = Assert.Throws<ArgumentException>(options.Validated);
        Assert.Contains("3 to 40 letters and digits", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lease_shorter_than_the_storage_allows_is_refused()
    {
        var options = Harness(Registry()).Options with { LeaseDuration = TimeSpan.FromSeconds(14) };
        Assert.Contains("15 to 60 seconds", Assert.Throws<ArgumentException>(options.Validated).Message, StringComparison.Ordinal);
    }
}
