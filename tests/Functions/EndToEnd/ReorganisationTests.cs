using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.EndToEnd;

/// <summary>Blocks that the control plane has read are replaced by others in which its transactions are not.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class ReorganisationTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestStack.PatienceMs)]
    [InlineData(1)]
    [InlineData(8)]
    public async Task An_order_whose_opening_the_chain_forgot_is_opened_again_once(int blocks)
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, 2, Cancel);
        await scene.RunAllAsync(Cancel);
        await scene.WaitAsync(OrderStatus.Running, Cancel);

        await RollBackToBeforeAsync(LeaseBook.Events.OrderAdmitted.Topic, scene.OrderHash, blocks);
        Assert.True((await stack.Chain.LeaseBook.OrderOfAsync(scene.OrderHash, cancellationToken: Cancel)).User.IsZero);

        while ((await stack.Chain.LeaseBook.OrderOfAsync(scene.OrderHash, cancellationToken: Cancel)).User.IsZero)
        {
            await BeatAsync();
        }

        var view = await scene.BeatUntilAsync(stack.Market.Agents, static v => v.Leases.Count(static l => l.State == LeaseState.Open) == 2, Cancel);
        Assert.Equal(2, view.Leases.Count);
        foreach (var lease in view.Leases)
        {
            Assert.Equal((byte)LeaseState.Open, (byte)(await stack.Chain.LeaseBook.LeaseOfAsync(lease.LeaseId, cancellationToken: Cancel)).State);
        }

        await scene.EndOpenAsync(view, Cancel);
        Assert.Equal(OrderStatus.Closed, (await scene.WaitAsync(OrderStatus.Closed, Cancel)).Status);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_settlement_that_the_chain_forgot_is_made_again_and_listed_once()
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, 1, Cancel);
        await scene.RunAllAsync(Cancel);
        var lease = scene.Leases[0];
        while ((await stack.Chain.Client.GetHeadAsync(Cancel)).Timestamp <= lease.Origin)
        {
            await Task.Delay(100, Cancel);
        }

        await scene.ReportUsageAsync(1, Cancel);
        await SettledAsync(lease);
        await RollBackToBeforeAsync(LeaseBook.Events.UsageSettled.Topic, lease.Coe, blocks: 3);
        Assert.Equal(0u, (await stack.Chain.LeaseBook.SettledOfAsync(lease.LeaseId, cancellationToken: Cancel)).SecondsRun);

        await SettledAsync(lease);
        await scene.EndAsync(Cancel);
        Assert.Equal(OrderStatus.Closed, (await scene.WaitAsync(OrderStatus.Closed, Cancel)).Status);
        var onChain = (await LogsAsync(LeaseBook.Events.UsageSettled.Topic, null)).Select(static log => log.TransactionHash).ToHashSet();
        var listed = await stack.Plane.GetAsync("/api/settlements", DwebJson.Default.IReadOnlyListSettlementView, null, Cancel);
        Assert.Equal(onChain.Order(), listed.Select(static s => s.TransactionHash).Order());
    }

    private async Task SettledAsync(LeaseView lease)
    {
        while ((await stack.Chain.LeaseBook.SettledOfAsync(lease.LeaseId, cancellationToken: Cancel)).SecondsRun < 1)
        {
            await BeatAsync();
        }
    }

    private async Task BeatAsync()
    {
        await Task.WhenAll(stack.Market.Agents.Select(static agent => agent.BeatAsync(Cancel)));
        await Task.Delay(100, Cancel);
    }

    /// <summary>Takes the chain back to before the last event that names something, at least so many blocks.</summary>
    private async Task RollBackToBeforeAsync(Hash32 topic, Hash32 named, int blocks)
    {
        ulong block = (await LogsAsync(topic, named))[^1].BlockNumber;
        ulong head;
        while ((head = (await stack.Chain.Client.GetHeadAsync(Cancel)).Number) + 1 < block + (ulong)blocks)
        {
            await BeatAsync();
        }

        await stack.Chain.Client.Rpc.SendAsync(new RpcRequest("anvil_rollback", head - block + 1), Cancel);
    }

    private async Task<IReadOnlyList<ChainLog>> LogsAsync(Hash32 topic, Hash32? named)
    {
        IReadOnlyList<Hash32>?[] topics = named is { } id ? [[topic], [id]] : [[topic]];
        return await stack.Chain.Client.GetLogsAsync(
            new LogFilter { From = BlockTag.Number(0), To = BlockTag.Latest, Addresses = [stack.Chain.Addresses.LeaseBook], Topics = topics }, Cancel);
    }
}
