using System.Text.Json;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.EndToEnd.Tests.Stack;

namespace Dweb.EndToEnd.Tests.Malice;

/// <summary>
/// An agent reports more than there was: it is paid what the chain's clock and the order allow. What nobody can see from outside, whether a container served while
/// it is said to run, is bounded by disputes: <c>tests/Functions/Disputes</c> and the demo.
/// </summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class OverstatedUsage(RealStack stack)
{
    private const uint FarTooMuch = 1_000_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Seconds_that_have_not_passed_are_paid_by_nobody()
    {
        await stack.ComeToRestAsync(Stop);
        await using var coe = await HandHeldCoe.FoundAsync(stack, Stop);
        var lease = await HandHeldLease.OpenAsync(stack, Stop);
        await coe.ReportRunningAsync(lease.Id, Stop);
        ulong asOf = await lease.AgeAsync(2, Stop);

        await coe.TakenAsync("usage", coe.Usage(asOf, lease.Used(FarTooMuch)), Stop);
        await Leases.PaidAsync(stack, lease.Id, moreThan: 0, Stop);

        Assert.Equal((uint)(asOf - lease.Opened.Origin), await lease.SettledSecondsAsync(Stop));
        await lease.CloseAsync(Stop);
        await lease.AssertCostAsync(await SecondsOpenAsync(lease), transfer: 0, Stop);
    }

    [Fact]
    public async Task Seconds_after_the_end_are_paid_by_nobody_and_keep_no_lease_from_being_closed()
    {
        await stack.ComeToRestAsync(Stop);
        await using var coe = await HandHeldCoe.FoundAsync(stack, Stop);
        var lease = await HandHeldLease.OpenAsync(stack, Stop);
        await coe.ReportRunningAsync(lease.Id, Stop);
        await lease.AgeAsync(2, Stop);
        var closing = lease.CloseAsync(Stop);

        // More each time, of what is billed and of what is only recorded, for as long as anybody takes it.
        ulong reports = 0;
        Problem? refused = null;
        await Deadline.UntilAsync("the lease takes no more reports", async stop =>
        {
            ulong asOf = (await stack.Chain.Client.GetHeadAsync(stop)).Timestamp;
            var more = lease.Used(FarTooMuch + (uint)++reports) with { Cpu = reports * FarTooMuch };
            using var answer = await coe.SendAsync("usage", coe.Usage(asOf, more), stop);
            refused = answer.IsSuccessStatusCode ? null : JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(stop), DwebJson.Default.Problem);
            return refused is not null;
        }, Stop);
        await closing;

        Assert.Equal("usage-rejected", refused!.Code);
        Assert.StartsWith("LeaseClosed:", refused.Detail, StringComparison.Ordinal);
        await lease.AssertCostAsync(await SecondsOpenAsync(lease), transfer: 0, Stop);
    }

    [Fact]
    public async Task Transfer_beyond_the_allowance_is_the_hosts_gift()
    {
        await stack.ComeToRestAsync(Stop);
        await using var coe = await HandHeldCoe.FoundAsync(stack, Stop);
        var lease = await HandHeldLease.OpenAsync(stack, Stop);
        await coe.ReportRunningAsync(lease.Id, Stop);
        ulong asOf = await lease.AgeAsync(1, Stop);

        await coe.TakenAsync("usage", coe.Usage(asOf, lease.Used(1, received: uint.MaxValue, sent: uint.MaxValue)), Stop);
        await Leases.PaidAsync(stack, lease.Id, moreThan: 0, Stop);

        await lease.CloseAsync(Stop);
        await lease.AssertCostAsync(seconds: 1, lease.Opened.Terms.AllowanceGiB * 1024UL, Stop);
    }

    /// <summary>All that a container could have run, and so all that a lease may cost.</summary>
    private async Task<uint> SecondsOpenAsync(HandHeldLease lease)
    {
        var held = await stack.Chain.Book.LeaseOfAsync(lease.Id, cancellationToken: Stop);
        Assert.Equal(LeaseState.Closed, (LeaseState)held.State);
        return (uint)(held.EndedAt - lease.Opened.Origin);
    }
}
