using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Tests.Indexing;

/// <summary>What was read again takes the place of what was known, also where that was further on, of another order, or nothing.</summary>
public sealed class MarketReplaceTests
{
    private static readonly Hash32 Order = Keccak256.Hash("order");
    private static readonly Hash32 Coe = Keccak256.Hash("coe");
    private readonly Market market = new();

    [Fact]
    public void A_lease_that_was_further_on_is_what_was_read()
    {
        market.Put(Lease("a", Order, Coe) with { State = LeaseState.Closed });
        market.Replace(Order, null, [Lease("a", Order, Coe)]);
        Assert.Equal(LeaseState.Open, market.FindLease(Keccak256.Hash("a"))!.State);
    }

    [Fact]
    public void A_lease_that_moved_is_found_where_it_is_and_nowhere_else()
    {
        var wrong = Keccak256.Hash("wrong");
        market.Put(Lease("a", wrong, wrong));
        market.Replace(Order, null, [Lease("a", Order, Coe)]);
        Assert.Single(market.LeasesOfOrder(Order));
        Assert.Single(market.LeasesOfCoe(Coe));
        Assert.Empty(market.LeasesOfOrder(wrong));
        Assert.Empty(market.LeasesOfCoe(wrong));
    }

    [Fact]
    public void A_lease_that_was_not_read_is_gone_from_every_index()
    {
        var gone = Lease("gone", Order, Coe);
        market.Put(gone);
        var changed = market.Replace(Order, null, [Lease("a", Order, Coe)]);
        Assert.Equal(["a", "gone"], changed.Select(static lease => lease.LeaseId == Keccak256.Hash("a") ? "a" : "gone").Order(StringComparer.Ordinal));
        Assert.Null(market.FindLease(gone.LeaseId));
        Assert.Null(market.FindLease(LeaseHandle.Of(gone.LeaseId)));
        Assert.Equal([Keccak256.Hash("a")], market.LeasesOfCoe(Coe).Select(static lease => lease.LeaseId));
    }

    [Fact]
    public void Going_back_to_before_it_gives_what_was_known_then()
    {
        var wrong = Keccak256.Hash("wrong");
        market.Put(Lease("a", wrong, wrong));
        market.Put(Lease("gone", Order, Coe));
        market.Journal.Set(new IndexCursor(1, Keccak256.Hash("1")));
        market.Journal.Block = 2;
        market.Replace(Order, null, [Lease("a", Order, Coe), Lease("new", Order, Coe)]);

        Assert.NotNull(market.Journal.GoBackTo(new IndexCursor(1, Keccak256.Hash("1"))));
        Assert.Equal([Keccak256.Hash("gone")], market.LeasesOfOrder(Order).Select(static lease => lease.LeaseId));
        Assert.Equal([Keccak256.Hash("a")], market.LeasesOfCoe(wrong).Select(static lease => lease.LeaseId));
        Assert.Null(market.FindLease(Keccak256.Hash("new")));
    }

    private static LeaseRecord Lease(string name, Hash32 order, Hash32 coe) => new(
        Keccak256.Hash(name), order, coe, 0, 0, 0, Hash32.Zero, 100, 600, new LeaseTerms(1, 1, 0, 0, 0, 0, 1, 0), LeaseState.Open, EndReason.None, 0, UsageMerge.Empty);
}
