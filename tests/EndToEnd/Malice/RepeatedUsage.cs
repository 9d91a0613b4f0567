using System.Numerics;
using Dweb.Core.Protocol.Messages;
using Dweb.EndToEnd.Tests.Stack;

namespace Dweb.EndToEnd.Tests.Malice;

/// <summary>
/// An agent says again what it was paid for, says it twice at once, and says it of leases that are not its own: to the control plane, and past it to the chain.
/// Batches that others signed, that come from the future or whose counters fall are in <see cref="BadInput.BadUsage"/>.
/// </summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class RepeatedUsage(RealStack stack)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_batches_in_whatever_order_pay_nothing_more()
    {
        await stack.ComeToRestAsync(Stop);
        await using var coe = await HandHeldCoe.FoundAsync(stack, Stop);
        var lease = await HandHeldLease.OpenAsync(stack, Stop);
        await coe.ReportRunningAsync(lease.Id, Stop);
        ulong first = await lease.AgeAsync(2, Stop);
        await SettledAsync(coe, lease, first, 1);
        ulong second = await lease.AgeAsync((uint)(first - lease.Opened.Origin) + 1, Stop);
        uint all = (uint)(second - lease.Opened.Origin);
        await SettledAsync(coe, lease, second, all);

        await RefusedAsync(coe, "CounterFell", coe.Usage(first, lease.Used(1)));
        await coe.TakenAsync("usage", coe.Usage(second, lease.Used(all)), Stop);
        Assert.Equal(UsageCode.CounterFell, await PaysNothingAsync(coe, first, lease.Used(1)));
        Assert.Equal(UsageCode.Accepted, await PaysNothingAsync(coe, second, lease.Used(all)));

        // A new claim under an old block: it vouches for no more than had passed then.
        Assert.Equal(UsageCode.Accepted, await PaysNothingAsync(coe, first, lease.Used(all + 1_000)));
        Assert.Equal(UsageCode.CounterFell, await PaysNothingAsync(coe, first, lease.Used(1)));
        await lease.CloseAsync(Stop);
        await lease.AssertCostAsync(all, transfer: 0, Stop);
    }

    [Fact]
    public async Task A_lease_that_is_twice_in_one_batch_is_paid_once()
    {
        await stack.ComeToRestAsync(Stop);
        await using var coe = await HandHeldCoe.FoundAsync(stack, Stop);
        var lease = await HandHeldLease.OpenAsync(stack, Stop);
        await coe.ReportRunningAsync(lease.Id, Stop);
        ulong asOf = await lease.AgeAsync(3, Stop);

        var settled = await coe.SettleAsync(asOf, [lease.Used(2), lease.Used(2), lease.Used(1)], Stop);
        await coe.TakenAsync("usage", coe.Usage(asOf, [lease.Used(2), lease.Used(3), lease.Used(3)]), Stop);

        Assert.Equal([UsageCode.Accepted, UsageCode.Accepted, UsageCode.CounterFell], settled.Codes.Select(static code => (UsageCode)code));
        Assert.Equal(2 * new BigInteger(lease.Opened.Terms.HostRate) * 1_000_000_000, settled.Host);
        await lease.CloseAsync(Stop);
        await lease.AssertCostAsync(seconds: 3, transfer: 0, Stop);
    }

    [Fact]
    public async Task Another_coes_lease_is_not_to_be_had_by_reporting_it()
    {
        await stack.ComeToRestAsync(Stop);
        await using var one = await HandHeldCoe.FoundAsync(stack, Stop);
        await using var other = await HandHeldCoe.FoundAsync(stack, Stop);
        var lease = await HandHeldLease.OpenAsync(stack, Stop);
        var (owner, thief) = lease.Opened.Coe == one.Id ? (one, other) : (other, one);
        await owner.ReportRunningAsync(lease.Id, Stop);
        ulong asOf = await lease.AgeAsync(2, Stop);

        await RefusedAsync(thief, "ForeignLease", thief.Usage(asOf, lease.Used(2)));
        Assert.Equal(UsageCode.ForeignLease, await PaysNothingAsync(thief, asOf, lease.Used(2)));
        await owner.TakenAsync("usage", owner.Usage(asOf, lease.Used(1)), Stop);

        await lease.CloseAsync(Stop);
        await lease.AssertCostAsync(seconds: 1, transfer: 0, Stop);
        var (matured, maturing, disputed) = await stack.Chain.Book.EarnedOfAsync(thief.Id, cancellationToken: Stop);
        Assert.Equal((0, 0, 0), (matured, maturing, disputed));
    }

    private async Task SettledAsync(HandHeldCoe coe, HandHeldLease lease, ulong asOf, uint seconds)
    {
        await coe.TakenAsync("usage", coe.Usage(asOf, lease.Used(seconds)), Stop);
        await Leases.PaidAsync(stack, lease.Id, moreThan: seconds - 1, Stop);
    }

    private async Task RefusedAsync(HandHeldCoe coe, string code, string usage)
    {
        var problem = await stack.Api.RefusedAsync(Api.Signed(coe.Path("usage"), usage, coe.Key), Stop);
        Assert.Equal(("usage-rejected", "entries[0]"), (problem.Code, problem.Field));
        Assert.StartsWith(code + ":", problem.Detail, StringComparison.Ordinal);
    }

    /// <returns>The chain's code.</returns>
    private static async Task<UsageCode> PaysNothingAsync(HandHeldCoe coe, ulong asOf, UsageEntry entry)
    {
        var settled = await coe.SettleAsync(asOf, [entry], Stop);
        Assert.Equal((0, 0, 0), (settled.Host, settled.Royalty, settled.Fee));
        return (UsageCode)settled.Codes.Single();
    }
}
