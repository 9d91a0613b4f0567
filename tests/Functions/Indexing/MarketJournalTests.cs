using CsCheck;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Tests.Indexing;

public sealed class MarketJournalTests
{
    [Fact]
    public void A_market_that_goes_back_to_a_block_is_as_it_was_then() =>
        Gen.Select(Change.Array[0, 20], Change.Array[0, 20], Change.Array[0, 20]).Sample((kept, gone, goneToo) =>
        {
            var market = new Market();
            Apply(market, kept, 1);
            string then = Describe(market);
            Apply(market, gone, 2);
            Apply(market, goneToo, 3);

            var touched = market.Journal.GoBackTo(MarkOf(1));
            Assert.Equal(then, Describe(market));
            Assert.Subset(gone.Concat(goneToo).Select(static c => c.IsLease ? LeaseIdOf(c.Id) : IdOf(c.Id)).ToHashSet(), touched!.Select(static key => key.Id).ToHashSet());

            Apply(market, goneToo, 2);
            var again = new Market();
            Apply(again, kept, 1);
            Apply(again, goneToo, 2);
            Assert.Equal(Describe(again), Describe(market));
        });

    [Fact]
    public void A_lease_that_was_never_opened_is_found_by_no_index()
    {
        var market = new Market();
        market.Journal.Set(MarkOf(1));
        market.Journal.Block = 2;
        market.Put(Lease(1, 1));
        var lease = market.FindLease(LeaseIdOf(1))!;
        Assert.Equal([new MarketKey(MarketKind.Lease, lease.LeaseId, lease.OrderHash)], market.Journal.GoBackTo(MarkOf(1))!);
        Assert.Null(market.FindLease(LeaseHandle.Of(lease.LeaseId)));
        Assert.Empty(market.LeasesOfOrder(lease.OrderHash));
        Assert.Empty(market.LeasesOfCoe(lease.Coe));
        Assert.Empty(market.Leases);
    }

    [Fact]
    public void What_a_later_block_showed_early_makes_an_earlier_mark_useless()
    {
        var market = new Market();
        market.Journal.Set(MarkOf(1));
        market.Journal.Block = 3;
        market.Put(Lease(1, 1));
        market.Journal.Block = 2;
        market.Put(Lease(2, 1));
        market.Journal.Set(MarkOf(2));

        Assert.Null(market.Journal.GoBackTo(MarkOf(2)));
        Assert.Equal(2, market.Journal.GoBackTo(MarkOf(1))!.Count);
        Assert.Empty(market.Leases);
    }

    [Fact]
    public void Only_the_newest_marks_are_kept_and_those_still_hold()
    {
        var market = new Market();
        for (ulong block = 1; block <= MarketJournal.MostMarks + 10; block++)
        {
            market.Journal.Block = block;
            market.Put(Lease((int)block, 1));
            market.Journal.Set(MarkOf(block));
        }

        Assert.Null(market.Journal.GoBackTo(MarkOf(10)));
        Assert.Equal(MarketJournal.MostMarks - 1, market.Journal.GoBackTo(MarkOf(11))!.Count);
        Assert.Equal(11, market.Leases.Count());
    }

    private static Gen<(int Id, int Value, bool IsLease)> Change => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Bool);

    private static void Apply(Market market, (int Id, int Value, bool IsLease)[] changes, ulong block)
    {
        market.Journal.Block = block;
        foreach (var (id, value, isLease) in changes)
        {
            if (isLease)
            {
                market.Put(Lease(id, value));
            }
            else
            {
                market.Images[IdOf(id)] = new ImageRecord(IdOf(id), "image", EvmAddress.Zero, (ushort)value, Hash32.Zero, Hash32.Zero);
            }
        }

        market.Journal.Set(MarkOf(block));
    }

    private static string Describe(Market market) => string.Join(
        '\n',
        market.Images.OrderBy(static i => i.Key).Select(static i => i.ToString())
            .Concat(market.Leases.OrderBy(static l => l.LeaseId).Select(static l => l.ToString())));

    private static LeaseRecord Lease(int id, int state) => new(
        LeaseIdOf(id), IdOf(id), IdOf(100), 0, 0, 0, Hash32.Zero, 0, 0, new LeaseTerms(1, 1, 1, 1, 1, 1, 1, 1),
        state switch { 0 or 1 => LeaseState.Open, 2 => LeaseState.Ending, _ => LeaseState.Closed }, EndReason.None, 0, new(0, 0, 0, 0, 0, 0));

    private static IndexCursor MarkOf(ulong block) => new(block, Keccak256.Hash($"block {block}"));

    private static Hash32 IdOf(int id) => Keccak256.Hash($"entity {id}");

    private static Hash32 LeaseIdOf(int id) => Keccak256.Hash($"lease {id}");
}
