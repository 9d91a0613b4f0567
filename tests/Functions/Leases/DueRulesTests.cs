using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Leases;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Tests.Leases;

public sealed class DueRulesTests
{
    private const ulong Origin = 1_800_000_000;
    private const uint Grace = 15;
    private const uint ParkAfter = 3;

    /// <summary>Funded for 60 of 200 seconds, 60 at a time; 10 were settled.</summary>
    private static readonly LeaseRecord Lease = new(
        Keccak256.Hash("lease"), Keccak256.Hash("order"), Keccak256.Hash("coe"), 0, 0, 0, Hash32.Zero, Origin, 60, new LeaseTerms(1, 1, 0, 0, 0, 0, 0, 0),
        LeaseState.Open, EndReason.None, 0, UsageMerge.Empty with { Seconds = 10 });

    private static readonly AdmittedOrder Order = new(
        Lease.OrderHash, new OrderDocument(EvmAddress.Zero, [], 1, 200, 60, Origin, 20, 0, 0, 0, EvmAddress.Zero, 0, Hash32.Zero), 1, Cancelled: false);

    [Theory]
    [InlineData(29, 0)]
    [InlineData(30, 30)]
    [InlineData(45, 45)]
    [InlineData(60, 60)]
    [InlineData(70, 60)]
    public void A_lease_is_renewed_to_what_is_prepaid_once_half_of_it_is_used(ulong after, uint seconds) =>
        Assert.Equal(seconds, Rules(Lease).Renewal(Origin + after));

    [Fact]
    public void No_more_is_funded_than_the_replica_may_run_in_all()
    {
        var former = Lease with { LeaseId = Keccak256.Hash("former"), State = LeaseState.Closed, Settled = Lease.Settled with { Seconds = 120 } };
        Assert.Equal(20U, DueRules.Of(Lease, Order, [Lease, former]).Renewal(Origin + 60));
        var longer = former with { Settled = former.Settled with { Seconds = 140 } };
        Assert.Equal(0U, DueRules.Of(Lease, Order, [Lease, longer]).Renewal(Origin + 60));
    }

    [Fact]
    public void A_lease_that_is_parked_or_over_or_whose_order_is_cancelled_is_not_renewed()
    {
        Assert.Equal(0U, Rules(Lease with { State = LeaseState.Parked }).Renewal(Origin + 60));
        Assert.Equal(0U, Rules(Lease with { State = LeaseState.Ending, EndedAt = Origin + 50 }).Renewal(Origin + 60));
        Assert.Equal(0U, DueRules.Of(Lease, Order with { Cancelled = true }, [Lease]).Renewal(Origin + 60));
    }

    [Fact]
    public void A_lease_that_may_still_be_funded_is_ended_after_the_grace_and_one_that_may_not_at_once()
    {
        Assert.False(Rules(Lease).IsOver(Origin + 74, Grace));
        Assert.True(Rules(Lease).IsOver(Origin + 75, Grace));
        Assert.True(Rules(Lease with { State = LeaseState.Parked }).IsOver(Origin + 75, Grace));

        var cancelled = DueRules.Of(Lease, Order with { Cancelled = true }, [Lease]);
        Assert.False(cancelled.IsOver(Origin + 59, Grace));
        Assert.True(cancelled.IsOver(Origin + 60, Grace));
        var whole = Lease with { Limit = 200 };
        Assert.True(Rules(whole).IsOver(Origin + 200, Grace));
        Assert.False(Rules(whole with { State = LeaseState.Ending, EndedAt = Origin }).IsOver(Origin + 200, Grace));
    }

    [Theory]
    [InlineData(62, false)]
    [InlineData(63, true)]
    [InlineData(74, true)]
    [InlineData(75, false)]
    public void A_lease_is_parked_between_a_while_after_its_funds_and_its_end(ulong after, bool parked) =>
        Assert.Equal(parked, Rules(Lease).IsToBeParked(Origin + after, ParkAfter, Grace));

    [Fact]
    public void A_lease_that_never_ran_has_nothing_to_keep() =>
        Assert.False(Rules(Lease with { Settled = UsageMerge.Empty }).IsToBeParked(Origin + 63, ParkAfter, Grace));

    [Fact]
    public void A_lease_that_never_ran_is_a_no_show_once_its_time_to_start_is_over()
    {
        var never = Lease with { Settled = UsageMerge.Empty };
        Assert.False(Rules(never).IsNoShow(Origin + 20));
        Assert.True(Rules(never).IsNoShow(Origin + 21));
        Assert.True(Rules(never).IsNoShow(Origin + 100_000));
        Assert.False(Rules(Lease).IsNoShow(Origin + 21));
        Assert.False(Rules(never with { State = LeaseState.Closed, EndedAt = Origin }).IsNoShow(Origin + 21));
    }

    private static DueRules Rules(LeaseRecord lease) => DueRules.Of(lease, Order, [lease]);
}
