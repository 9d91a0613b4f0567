using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Tests.Placement;

public sealed class PlacerTests
{
    private static readonly PriceVector Dear = new(9_000_000, 9_000_000, 9_000, 9_000_000, 9_000_000_000);

    [Fact]
    public void The_cheaper_of_two_equal_coes_is_taken()
    {
        var result = Placer.Place(Market.Of(Market.Coe(1, Dear), Market.Coe(2)), Market.AllLive, Market.Request(Market.Service(1)));
        Assert.Equal(Market.Id(2), Assert.Single(result.Entries).Coe);
    }

    [Fact]
    public void The_plan_names_the_rate_that_the_coe_asks()
    {
        var result = Placer.Place(Market.Of(Market.Coe(1)), Market.AllLive, Market.Request(Market.Service(1)));
        // 100 mCPU and 64 MiB at 10^6, 1024 MiB at 10^3, 10 Mbit/s at 10^6: 175,024,000 wei a second are no whole gwei, and 1 is the least.
        Assert.Equal(1UL, Assert.Single(result.Entries).MaxHostRate);
        var dear = Placer.Place(Market.Of(Market.Coe(1, Dear)), Market.AllLive, Market.Request(Market.Service(1, new(4000, 4096, 1024, 10, 1))));
        Assert.Equal(72UL, Assert.Single(dear.Entries).MaxHostRate);
    }

    [Fact]
    public void A_replica_waits_for_coes_only_where_one_that_is_not_heard_could_take_it()
    {
        var full = Market.Coe(2) with { Capacity = default };
        var silent = Liveness.AllBut([Market.Id(1), Market.Id(2)]);
        var waiting = Assert.Single(Placer.Place(Market.Of(Market.Coe(1), full), silent, Market.Request(Market.Service(1))).Unplaced);
        var hopeless = Assert.Single(Placer.Place(Market.Of(full), silent, Market.Request(Market.Service(1))).Unplaced);
        Assert.Equal((true, "None of 2 COEs can take it: 1 without the free capacity, 1 not heard from."), (waiting.WaitsForSilentCoes, waiting.Explain()));
        Assert.False(hopeless.WaitsForSilentCoes);
    }

    [Fact]
    public void The_second_region_is_preferred_for_the_second_replica_at_equal_price()
    {
        var snapshot = Market.Of(Market.Coe(1, region: 1), Market.Coe(2, region: 1), Market.Coe(3, region: 2));
        var result = Placer.Place(snapshot, Market.AllLive, Market.Request(Market.Service(2)));
        Assert.Equal(2, result.Entries.Select(entry => snapshot.Coes.Single(coe => coe.Coe == entry.Coe).Region).Distinct().Count());
    }

    [Fact]
    public void The_emptier_of_two_equal_coes_is_taken()
    {
        var loaded = Market.Coe(1) with { Assigned = new ResourceVector(3000, 0, 0, 0, 0) };
        var result = Placer.Place(Market.Of(loaded, Market.Coe(2)), Market.AllLive, Market.Request(Market.Service(1)));
        Assert.Equal(Market.Id(2), Assert.Single(result.Entries).Coe);
    }

    [Fact]
    public void A_service_that_fits_one_coe_only_gets_it_before_one_that_fits_anywhere()
    {
        var big = Market.Coe(1);
        var small = Market.Coe(2, Dear) with { Capacity = new ResourceVector(200, 128, 2048, 20, 2) };
        var fitsAnywhere = Market.Service(1);
        var fitsBig = Market.Service(1, new ResourceVector(4000, 4096, 1024, 10, 1));
        var result = Placer.Place(Market.Of(big, small), Market.AllLive, Market.Request(fitsAnywhere, fitsBig));
        Assert.True(result.IsComplete);
        Assert.Equal([Market.Id(2), Market.Id(1)], result.Entries.Select(static entry => entry.Coe));
    }

    [Fact]
    public void Replicas_of_two_services_stand_on_distinct_coes_too()
    {
        var result = Placer.Place(
            Market.Of(Market.Coe(1), Market.Coe(2, Dear), Market.Coe(3, Dear)), Market.AllLive, Market.Request(Market.Service(1), Market.Service(2)));
        Assert.Equal(3, result.Entries.Select(static entry => entry.Coe).Distinct().Count());
    }

    [Fact]
    public void Each_replica_on_a_coe_takes_its_bond_from_the_same_stake()
    {
        // Each locks 1 gwei a second for an hour: the stake is enough for two.
        var coe = Market.Coe(1) with { Stake = 2 * 3600 * (System.Numerics.BigInteger)1_000_000_000, Locked = 0 };
        var result = Placer.Place(Market.Of(coe), Market.AllLive, Market.Request(Market.Service(3)));
        Assert.Equal(2, result.Entries.Count);
        Assert.Equal("stake", Assert.Single(Assert.Single(result.Unplaced).Removed).Filter);
    }

    [Fact]
    public void A_replacement_avoids_the_excluded_coe_and_those_that_run_the_order()
    {
        var snapshot = Market.Of(Market.Coe(1), Market.Coe(2), Market.Coe(3, Dear));
        var request = new PlacementRequest(
            Keccak256.Hash("order"), [Market.Service(2)], 3600, [new ReplicaSlot(0, 1, Generation: 1)], [new RunningReplica(0, 0, Market.Id(1))],
            new HashSet<Hash32> { Market.Id(2) });
        var entry = Assert.Single(Placer.Place(snapshot, Market.AllLive, request).Entries);
        Assert.Equal((Market.Id(3), 1), (entry.Coe, entry.Generation));
    }

    [Fact]
    public void Only_silence_puts_a_coe_on_the_list_of_those_left_out()
    {
        var full = Market.Coe(2) with { Assigned = Market.Coe(2).Capacity };
        var result = Placer.Place(Market.Of(Market.Coe(1), full, Market.Coe(3)), Liveness.Of([Market.Id(1)]), Market.Request(Market.Service(1)));
        Assert.Equal([Market.Id(3)], result.LeftOutForLiveness);
        Assert.Equal((42UL, 1_800_000_000UL), (result.Block, result.Timestamp));
    }

    [Fact]
    public void An_order_bigger_than_every_coe_is_explained_in_words()
    {
        var draining = Market.Coe(3) with { Status = CoeStatus.Draining };
        var result = Placer.Place(
            Market.Of(Market.Coe(1), Market.Coe(2), draining), Market.AllLive, Market.Request(Market.Service(1, new ResourceVector(64_000, 1, 1, 1, 1))));
        Assert.Equal("None of 3 COEs can take it: 1 not active, 2 without the free capacity.", Assert.Single(result.Unplaced).Explain());
    }

    [Fact]
    public void An_empty_market_is_explained_in_words() => Assert.Equal(
        "No COE is registered.", Assert.Single(Placer.Place(Market.Of(), Market.AllLive, Market.Request(Market.Service(1))).Unplaced).Explain());

    [Fact]
    public void Each_filter_removes_what_it_is_for()
    {
        var service = Market.Service(1) with { RegionMask = 1, MinStake = (UInt128)(10 * Market.Dweb) };
        AssertRemovedBy("status", Market.Coe(1) with { Status = CoeStatus.Suspended }, service);
        AssertRemovedBy("lease-book", Market.Coe(1) with { AcceptsBook = false }, service);
        AssertRemovedBy("host-image", Market.Coe(1) with { OsRevoked = true }, service);
        AssertRemovedBy("region", Market.Coe(1, region: 1), service);
        AssertRemovedBy("rate-width", Market.Coe(1, new PriceVector(UInt128.MaxValue, 0, 0, 0, 0)), service);
        AssertRemovedBy("rate-ceiling", Market.Coe(1, Dear), service with { Ceiling = Market.Cheap });
        AssertRemovedBy("rate-ceiling", Market.Coe(1, Market.Cheap with { Transfer = Market.Generous.Transfer + 1 }), service);
        AssertRemovedBy("reference-ceiling", Market.Coe(1, new PriceVector(1, 1, 1, 1, 1)), service with { Ceiling = new PriceVector(1, 1, 1, 1, 1) });
        AssertRemovedBy("capacity", Market.Coe(1) with { Assigned = new ResourceVector(0, 0, 0, 1000, 0) }, service);
        AssertRemovedBy("stake", Market.Coe(1) with { Locked = 995 * Market.Dweb }, service);
    }

    [Fact]
    public void A_coe_listed_twice_is_refused() => Assert.Throws<ArgumentException>(
        () => Placer.Place(Market.Of(Market.Coe(1), Market.Coe(1)), Market.AllLive, Market.Request(Market.Service(1))));

    private static void AssertRemovedBy(string filter, CoeOffer coe, Service service)
    {
        var unplaced = Assert.Single(Placer.Place(Market.Of(coe), Market.AllLive, Market.Request(service)).Unplaced);
        Assert.Equal(filter, Assert.Single(unplaced.Removed).Filter);
        Assert.Single(Placer.Place(Market.Of(Market.Coe(1)), Market.AllLive, Market.Request(service with { Ceiling = Market.Generous })).Entries);
    }
}
