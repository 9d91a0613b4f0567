using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.EndToEnd;

[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class OneOrderTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_opens_leases_on_distinct_coes_and_is_running_once_every_agent_says_so()
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, replicas: 3, Cancel);

        Assert.Equal(3, scene.Leases.Select(static lease => lease.Coe).Distinct().Count());

        // Leases are shown before the row says that they are open.
        var opened = await scene.BeatUntilAsync(stack.Market.Agents, static view => view.Status is not (OrderStatus.Accepted or OrderStatus.Opening), Cancel);
        Assert.Equal(OrderStatus.Starting, opened.Status);
        await scene.RunAllAsync(Cancel);

        var view = await scene.WaitAsync(OrderStatus.Running, Cancel);
        Assert.Equal(OrderStatus.Running, view.Status);
        Assert.True(view.RunningAtMs >= view.AcceptedAtMs);
        Assert.All(view.Leases, static lease => Assert.Equal((LeasePhase.Running, LeaseState.Open), (lease.Phase, lease.State)));
        string[] steps = ["received", "checked", "stored", "queued", "dequeued", "started", "placed", "signed", "opened", "running"];
        Assert.Subset(view.Timeline.Select(static e => e.Step).ToHashSet(), steps.ToHashSet());
        Assert.Contains(view.Timeline, static e => e is { Step: "placed", Detail: not null } && e.Detail.Contains("that can take it", StringComparison.Ordinal));
        Assert.Contains(view.Timeline, static e => e is { Step: "reported", Detail: not null } && e.Detail.EndsWith(" is Running", StringComparison.Ordinal));
        Show(view);
        var placement = await stack.Plane.GetAsync($"/api/orders/{view.OrderHash}/placement", DwebJson.Default.PlacementView, scene.Token, Cancel);
        Assert.Empty(placement.Replicas);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task One_order_after_the_other_is_opened_and_runs()
    {
        await stack.ReadyAsync();
        for (int i = 0; i < 3; i++)
        {
            var scene = await Scene.BeginAsync(stack, replicas: 1, Cancel);
            await scene.RunAllAsync(Cancel);
            Show(await scene.WaitAsync(OrderStatus.Running, Cancel));
            Assert.Equal(OrderStatus.Running, (await scene.ViewAsync(Cancel)).Status);
            await scene.EndAsync(Cancel);
        }
    }

    private static void Show(OrderView view)
    {
        foreach (var entry in view.Timeline)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{entry.AtMs - view.AcceptedAtMs,6} ms {entry.Step} {entry.Detail}");
        }
    }
}
