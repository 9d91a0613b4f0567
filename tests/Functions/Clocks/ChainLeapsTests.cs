using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Clocks;

/// <summary>The chain's time leaps: a node that stood still, or blocks that did not come. What had a last moment has passed it.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class ChainLeapsTests(ClockStack clocks) : IClassFixture<ClockStack>
{
    private readonly TestStack stack = clocks.Stack;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_that_was_accepted_in_time_and_not_opened_in_time_is_refused_and_costs_nothing()
    {
        await stack.SetGasAsync(enough: false, Cancel);
        var scene = await Scene.SubmitAsync(stack, 1, Cancel);
        await stack.Chain.PassTimeAsync(TimeSpan.FromMinutes(6), Cancel);
        await stack.SetGasAsync(enough: true, Cancel);

        var view = await scene.BeatUntilAsync(stack.Market.Agents, static view => view.Status is OrderStatus.Rejected or OrderStatus.Running or OrderStatus.Starting, Cancel);
        Assert.Equal((OrderStatus.Rejected, Catalogue.OrderExpired.Code), (view.Status, view.ErrorCode));
        Assert.Empty(view.Leases);
        Assert.True((await stack.Chain.LeaseBook.OrderOfAsync(scene.OrderHash, cancellationToken: Cancel)).User.IsZero);
        Assert.Equal(100 * BigInteger.Pow(10, 18), await stack.Chain.LeaseBook.FreeOfAsync(scene.User.Address, cancellationToken: Cancel));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_lease_whose_time_to_start_has_passed_ends_as_a_no_show_and_its_replica_runs_elsewhere()
    {
        var scene = await Scene.BeginAsync(stack, 1, Cancel, static order => order with { StartWithin = 30 });
        var first = scene.Leases[0];
        await stack.Chain.PassTimeAsync(TimeSpan.FromSeconds(60), Cancel);

        var view = await scene.BeatUntilAsync(stack.Market.Agents, static view => view.Leases.Count == 2, Cancel);
        var late = view.Leases.Single(lease => lease.LeaseId == first.LeaseId);
        var next = view.Leases.Single(lease => lease.LeaseId != first.LeaseId);
        Assert.Equal((LeaseState.Closed, EndReason.NoShow), (late.State, late.Reason));
        Assert.Equal((LeaseState.Open, (ushort)1), (next.State, next.Generation));
        Assert.NotEqual(first.Coe, next.Coe);
        Assert.Equal(await BondAsync(first), await BondToUserAsync(first));

        await scene.AgentOf(next).ReportAsync(next.LeaseId, LeasePhase.Running, Cancel);
        Assert.Equal(OrderStatus.Running, (await scene.BeatUntilAsync(stack.Market.Agents, static view => view.Status == OrderStatus.Running, Cancel)).Status);
        await scene.EndOpenAsync(await scene.ViewAsync(Cancel), Cancel);
    }

    private async Task<BigInteger> BondAsync(LeaseView lease) =>
        3_600 * new BigInteger((await stack.Chain.LeaseBook.LeaseOfAsync(lease.LeaseId, cancellationToken: Cancel)).Terms.HostRate) * 1_000_000_000;

    private async Task<BigInteger> BondToUserAsync(LeaseView lease)
    {
        var logs = await stack.Chain.Client.GetLogsAsync(
            new Chain.Rpc.LogFilter
            {
                From = Chain.Rpc.BlockTag.Number(0), To = Chain.Rpc.BlockTag.Latest, Addresses = [stack.Chain.Addresses.LeaseBook],
                Topics = [[LeaseBook.Events.LeaseClosed.Topic], [lease.LeaseId]],
            },
            Cancel);
        return LeaseBook.Events.LeaseClosed.TryDecode(Assert.Single(logs), out var closed) ? closed.BondToUser : throw new InvalidOperationException("It is not what was asked for.");
    }
}
