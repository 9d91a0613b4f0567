using System.Numerics;
using CsCheck;
using Dweb.Core.Metering;
using Dweb.Core.Placement;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Tests.Placement;

public sealed class PlacerProperties
{
    [Fact]
    public void Every_slot_is_either_placed_once_or_explained_once() => Market.Cases.Sample(test =>
    {
        var result = Placer.Place(test.Snapshot, test.Liveness, test.Request);
        var placed = result.Entries.Select(static e => new ReplicaSlot(e.Service, e.Replica, e.Generation));
        var all = placed.Concat(result.Unplaced.Select(static u => u.Slot)).OrderBy(static s => s.Service).ThenBy(static s => s.Replica);
        Assert.Equal(test.Request.Slots, all);
    }, iter: 2000);

    [Fact]
    public void The_generated_cases_are_of_every_kind()
    {
        int placed = 0;
        int unplaced = 0;
        int silent = 0;
        var removing = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        Market.Cases.Sample(test =>
        {
            var result = Placer.Place(test.Snapshot, test.Liveness, test.Request);
            Interlocked.Add(ref placed, result.Entries.Count);
            Interlocked.Add(ref unplaced, result.Unplaced.Count);
            Interlocked.Add(ref silent, result.LeftOutForLiveness.Count);
            foreach (var removal in result.Unplaced.SelectMany(static replica => replica.Removed))
            {
                removing.AddOrUpdate(removal.Filter, 1, static (_, count) => count + 1);
            }
        }, iter: 1000);
        Assert.True(placed > 1000 && unplaced > 1000 && silent > 100, $"{placed} placed, {unplaced} unplaced, {silent} silent");
        string[] expected = ["capacity", "liveness", "rate-ceiling", "reference-ceiling", "region", "stake", "status"];
        Assert.Equal(expected, removing.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_coe_is_given_more_than_its_capacity_and_stake() => Market.Cases.Sample(test =>
    {
        var result = Placer.Place(test.Snapshot, test.Liveness, test.Request);
        foreach (var group in result.Entries.GroupBy(static entry => entry.Coe))
        {
            var offer = test.Snapshot.Coes.Single(offer => offer.Coe == group.Key);
            var total = group.Aggregate(offer.Assigned, (sum, entry) => sum + test.Request.Services[entry.Service].Reserved);
            Assert.True(total.FitsIn(offer.Capacity));
            var bonds = group.Aggregate(BigInteger.Zero, static (sum, entry) => sum + (entry.MaxHostRate * (BigInteger)3600 * 1_000_000_000));
            Assert.True(offer.Locked + bonds <= offer.Stake);
        }
    }, iter: 2000);

    [Fact]
    public void Every_placed_replica_meets_what_the_chain_will_check() => Market.Cases.Sample(test =>
    {
        var result = Placer.Place(test.Snapshot, test.Liveness, test.Request);
        foreach (var entry in result.Entries)
        {
            var offer = test.Snapshot.Coes.Single(offer => offer.Coe == entry.Coe);
            var service = test.Request.Services[entry.Service];
            var terms = Rates.Lock(offer.Ask, test.Snapshot.ReferencePrices, service.Reserved, 0, test.Snapshot.FeeBps);
            Assert.Equal(CoeStatus.Active, offer.Status);
            Assert.True(test.Liveness.IsLive(offer.Coe));
            Assert.True(service.RegionMask == 0 || ((service.RegionMask >> offer.Region) & 1) == 1);
            Assert.True(Sum(offer.Ask, service.Reserved) <= Sum(service.Ceiling, service.Reserved));
            Assert.True(Sum(test.Snapshot.ReferencePrices, service.Reserved) <= Sum(service.Ceiling, service.Reserved));
            Assert.True(service.Reserved.Transfer == 0 || offer.Ask.Transfer <= service.Ceiling.Transfer);
            Assert.Equal(terms.HostRate, entry.MaxHostRate);
            Assert.True(offer.Stake - offer.Locked >= service.MinStake);
        }
    }, iter: 2000);

    [Fact]
    public void The_order_in_which_coes_are_listed_changes_nothing() =>
        Market.Cases.SelectMany(static test => Gen.Shuffle(test.Snapshot.Coes.ToArray()), static (test, shuffled) => (test, shuffled)).Sample(pair =>
        {
            var straight = Placer.Place(pair.test.Snapshot, pair.test.Liveness, pair.test.Request);
            var shuffled = Placer.Place(pair.test.Snapshot with { Coes = pair.shuffled }, pair.test.Liveness, pair.test.Request);
            AssertSame(straight, shuffled);
        });

    [Fact]
    public void Another_member_computes_the_same_plan_from_the_coes_left_out_for_silence() => Market.Cases.Sample(test =>
    {
        var mine = Placer.Place(test.Snapshot, test.Liveness, test.Request);
        var theirs = Placer.Place(test.Snapshot, Liveness.AllBut(mine.LeftOutForLiveness), test.Request);
        Assert.Equal(mine.Entries, theirs.Entries);
        Assert.Equal(mine.LeftOutForLiveness, theirs.LeftOutForLiveness);
    }, iter: 2000);

    [Fact]
    public void An_explanation_accounts_for_every_coe() => Market.Cases.Sample(test =>
    {
        foreach (var unplaced in Placer.Place(test.Snapshot, test.Liveness, test.Request).Unplaced)
        {
            Assert.Equal(test.Snapshot.Coes.Count, unplaced.Considered);
            Assert.Equal(unplaced.Considered, unplaced.Removed.Sum(static removal => removal.Count));
            Assert.All(unplaced.Removed, static removal => Assert.True(removal.Count > 0));
        }
    }, iter: 2000);

    [Fact]
    public void Replicas_stand_on_distinct_coes_while_there_are_enough() =>
        Gen.Select(Gen.Int[1, 12], Gen.UShort[1, 15]).Sample((count, replicas) =>
        {
            var coes = Enumerable.Range(0, count).Select(static number => Market.Coe(number)).ToList();
            var result = Placer.Place(Market.Of(coes), Market.AllLive, Market.Request(Market.Service(replicas, new ResourceVector(100, 64, 512, 10, 1))));
            Assert.True(result.IsComplete);
            var perCoe = result.Entries.GroupBy(static entry => entry.Coe).Select(static group => group.Count()).ToList();
            Assert.Equal(Math.Min(count, replicas), perCoe.Count);
            Assert.True(perCoe.Max() - (perCoe.Count < count ? 0 : perCoe.Min()) <= 1);
        });

    private static BigInteger Sum(PriceVector prices, ResourceVector reserved) =>
        ((BigInteger)prices.Cpu * reserved.Cpu) + ((BigInteger)prices.Memory * reserved.Memory) + ((BigInteger)prices.Storage * reserved.Storage)
        + ((BigInteger)prices.Bandwidth * reserved.Bandwidth);

    private static void AssertSame(PlacementResult expected, PlacementResult actual)
    {
        Assert.Equal(expected.Entries, actual.Entries);
        Assert.Equal(expected.LeftOutForLiveness, actual.LeftOutForLiveness);
        Assert.Equal(expected.Unplaced.Select(static u => u.Explain()), actual.Unplaced.Select(static u => u.Explain()));
    }
}
