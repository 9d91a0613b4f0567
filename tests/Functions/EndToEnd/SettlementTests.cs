using Dweb.Core.Protocol.Http;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.EndToEnd;

[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class SettlementTests(TestStack alone)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Usage_is_paid_the_rest_comes_back_and_the_order_is_closed() => await PaidAndClosedAsync(await alone.ReadyAsync());

    /// <returns>What is left when it is all over.</returns>
    internal static async Task<Scene> PaidAndClosedAsync(TestStack stack)
    {
        var scene = await Scene.BeginAsync(stack, 2, Cancel);
        await scene.RunAllAsync(Cancel);
        await scene.WaitAsync(OrderStatus.Running, Cancel);

        // Seconds beyond those that the chain has seen since opening would be clamped.
        while ((await stack.Chain.Client.GetHeadAsync(Cancel)).Timestamp <= scene.Leases.Max(static lease => lease.Origin))
        {
            await Task.Delay(100, Cancel);
        }

        await scene.ReportUsageAsync(1, Cancel);
        var paid = await SettledAsync(stack, scene.Leases, seconds: 1);
        await scene.EndAsync(Cancel);
        Assert.Equal(OrderStatus.Closed, (await scene.WaitAsync(OrderStatus.Closed, Cancel)).Status);

        // Nothing is ring-fenced once all is closed: what is committed was spent.
        var spent = (await stack.Chain.LeaseBook.OrderOfAsync(scene.OrderHash, cancellationToken: Cancel)).Committed;
        foreach (var lease in scene.Leases)
        {
            Assert.Equal(0, await stack.Chain.LeaseBook.FencedOfAsync(lease.LeaseId, cancellationToken: Cancel));
        }

        var free = await stack.Chain.LeaseBook.FreeOfAsync(scene.User.Address, cancellationToken: Cancel);
        Assert.True(spent > 0);
        Assert.Equal(100 * System.Numerics.BigInteger.Pow(10, 18), spent + free);
        Assert.Equal(paid, spent);
        return scene;
    }

    /// <summary>Waits for the settlement of all these leases.</summary>
    /// <returns>Wei that were paid for them.</returns>
    private static async Task<System.Numerics.BigInteger> SettledAsync(TestStack stack, IReadOnlyList<LeaseView> leases, uint seconds)
    {
        foreach (var lease in leases)
        {
            while ((await stack.Chain.LeaseBook.SettledOfAsync(lease.LeaseId, cancellationToken: Cancel)).SecondsRun < seconds)
            {
                await Task.Delay(100, Cancel);
            }
        }

        var listed = await stack.Plane.GetAsync("/api/settlements", DwebJson.Default.IReadOnlyListSettlementView, null, Cancel);
        while (listed.Count == 0)
        {
            await Task.Delay(100, Cancel);
            listed = await stack.Plane.GetAsync("/api/settlements", DwebJson.Default.IReadOnlyListSettlementView, null, Cancel);
        }

        Assert.All(listed, static s => Assert.True(s.Leases > 0));
        var spent = (await stack.Chain.LeaseBook.OrderOfAsync(leases[0].OrderHash, cancellationToken: Cancel)).Committed;
        foreach (var lease in leases)
        {
            spent -= await stack.Chain.LeaseBook.FencedOfAsync(lease.LeaseId, cancellationToken: Cancel);
        }

        return spent;
    }
}
