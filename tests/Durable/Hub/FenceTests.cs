using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Hub;

public sealed class FenceTests(Azurite azurite) : HubTest(azurite)
{
    private static readonly OrchestrationDefinition<int, int> Sum = Defs.IntToInt("Sum");

    private static OrchestrationRegistry Adder() => Registry().AddOrchestration(Sum, async (context, n) =>
    {
        var sum = 0;
        for (var i = 0; i < n; i++)
        {
            sum += await context.WaitForEventAsync(Defs.Number);
        }
        return sum;
    });

    [Fact]
    public async Task An_owner_that_finds_another_version_reads_again_and_goes_on_if_it_still_has_the_lease()
    {
        var harness = Harness(Adder());
        var lease = new GivenLease();
        var first = await harness.StartAsync(lease: lease);
        await first.StartAsync(Sum, "x", 3, Ct);
        await UntilAsync(async () => (await first.GetAsync("x", Ct))!.Status == OrchestrationStatus.Running);
        var second = await harness.StartAsync(lease: new GivenLease());
        await second.RaiseEventAsync("x", Defs.Number, 1, "1", Ct);
        await UntilAsync(async () => await harness.CountInboxAsync("x") == 0);

        await first.RaiseEventAsync("x", Defs.Number, 10, "2", Ct);
        await first.RaiseEventAsync("x", Defs.Number, 100, "3", Ct);

        Assert.Equal("111", (await first.WaitForCompletionAsync("x", Ct)).Output);
        Assert.True(lease.Confirmations > 0);
    }

    [Fact]
    public async Task An_owner_that_has_lost_its_lease_commits_nothing_and_says_so()
    {
        var harness = Harness(Adder());
        var lease = new GivenLease();
        var first = await harness.StartAsync(lease: lease);
        await first.StartAsync(Sum, "x", 2, Ct);
        await UntilAsync(async () => (await first.GetAsync("x", Ct))!.Status == OrchestrationStatus.Running);
        var second = await harness.StartAsync(lease: new GivenLease());
        await second.RaiseEventAsync("x", Defs.Number, 1, "1", Ct);
        await UntilAsync(async () => await harness.CountInboxAsync("x") == 0);
        lease.IsLost = true;

        await first.RaiseEventAsync("x", Defs.Number, 10, "2", Ct);
        await UntilAsync(() => Task.FromResult(first.LeaseLost.IsCancellationRequested));

        Assert.Equal(OrchestrationStatus.Running, (await second.GetAsync("x", Ct))!.Status);
        await second.RaiseEventAsync("x", Defs.Number, 10, "2", Ct);
        Assert.Equal("11", (await second.WaitForCompletionAsync("x", Ct)).Output);
    }
}
