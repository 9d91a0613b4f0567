using System.Numerics;
using CsCheck;
using Dweb.Cli.Ledger;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Ledger;

public sealed class LedgerReportTests
{
    /// <summary>Money that came in, was used in part, and of that was paid out in part; each part at most the one before it.</summary>
    private static readonly Gen<Story> Stories = Gen.Select(
        Gen.ULong[1, 1_000_000_000_000], Gen.Int[0, 100], Gen.Int[0, 100], Gen.Int[0, 100], Gen.Int[0, 100], Gen.Int[0, 100],
        static (deposited, usedPercent, royaltyPercent, feePercent, paidPercent, freePercent) =>
        {
            var used = (BigInteger)deposited * usedPercent / 100;
            var royalty = used * royaltyPercent / 300;
            var fee = used * feePercent / 300;
            var host = used - royalty - fee;
            var rest = deposited - used;
            var free = rest * freePercent / 100;
            return new Story(deposited, host, royalty, fee, host * paidPercent / 100, royalty * paidPercent / 100, fee * paidPercent / 100, free * paidPercent / 100, free, rest - free);
        });

    [Fact]
    public void Every_story_in_which_nothing_is_lost_adds_up() => Stories.Sample(static story =>
    {
        var report = story.Report();
        Assert.All(report.Checks, static check => Assert.True(check.Holds, check.What));
        Assert.Equal(BigInteger.Zero, report.Difference);
        Assert.Equal(report.Deposited, report.CoeHosts + report.Royalties + report.Treasury + report.Refunded + report.Fenced);
        Assert.Equal(story.IsSettled, report.Faults().Count == 0);
    });

    [Fact]
    public void One_wei_that_is_missing_in_a_contract_is_found() => Stories.Sample(static story =>
    {
        var (events, held) = story.Tell();
        foreach (var diverted in new[] { held with { Book = held.Book - 1 }, held with { Pool = held.Pool - 1 }, held with { Book = held.Book - 1, Pool = held.Pool + 1 } })
        {
            Assert.NotEmpty(LedgerReport.Of(events, Holdings.None, diverted, []).Faults());
            Assert.Contains(LedgerReport.Of(events, Holdings.None, diverted, []).Checks, static check => !check.Holds);
        }

        Assert.Equal(1, LedgerReport.Of(events, Holdings.None, held with { Book = held.Book - 1 }, []).Difference);
    });

    [Fact]
    public void One_wei_too_many_or_too_few_in_an_event_is_found() => Stories.Sample(static story =>
    {
        var (events, held) = story.Tell();
        foreach (int i in Enumerable.Range(0, events.Count).Where(i => events[i].Kind is not (MoneyKind.LeaseRefunded or MoneyKind.RoyaltyPulled)))
        {
            MoneyEvent[] forged = [.. events];
            forged[i] = forged[i] with { Amount = forged[i].Amount + 1 };
            Assert.NotEmpty(LedgerReport.Of(forged, Holdings.None, held, []).Faults());
        }
    });

    [Fact]
    public void Books_of_later_blocks_count_from_what_was_held_before()
    {
        var before = new Story(1000, 300, 60, 40, 0, 0, 0, 0, 500, 100);
        var after = new Story(1500, 500, 100, 50, 200, 100, 50, 300, 850, 0);
        var (firstEvents, firstHeld) = before.Tell();
        var (allEvents, allHeld) = after.Tell();
        MoneyEvent[] later = [.. allEvents.Zip(firstEvents, static (all, first) => all with { Amount = all.Amount - first.Amount })];

        var report = LedgerReport.Of(later, firstHeld, allHeld, []);

        Assert.Equal(BigInteger.Zero, report.Difference);
        Assert.All(report.Checks, static check => Assert.True(check.Holds, check.What));
        Assert.Equal(500, report.Deposited);
        Assert.Equal(200, report.CoeHosts);
    }

    [Fact]
    public void Rent_bounties_bonds_and_disputes_add_up_too()
    {
        // 1,000 came in and a bond of 50; a dispute over 20 of the host's 300 is open, with 20 of the user's beside it.
        MoneyEvent[] events =
        [
            Event(MoneyKind.Deposited, 1000), Event(MoneyKind.HostSettled, 300), Event(MoneyKind.RentPaid, 30), Event(MoneyKind.FeeSettled, 40),
            Event(MoneyKind.BountyPaid, 10), Event(MoneyKind.Staked, 500), Event(MoneyKind.Slashed, 50), Event(MoneyKind.BondReceived, 50),
            Event(MoneyKind.DisputeSetAside, 20), Event(MoneyKind.DisputeBonded, 20), Event(MoneyKind.Unbonded, 100),
        ];
        var held = new Holdings(Book: 1050, Pool: 0, Stakes: 350, Free: 640, Fenced: 30, Earned: 310, Disputed: 40, Fees: 30);

        var report = LedgerReport.Of(events, Holdings.None, held, []);

        Assert.All(report.Checks, static check => Assert.True(check.Holds, check.What));
        Assert.Equal((0, 50, 10, 40), (report.Difference, report.Bonds, report.Bounties, report.Disputed));
        foreach (int i in Enumerable.Range(0, events.Length))
        {
            MoneyEvent[] forged = [.. events];
            forged[i] = forged[i] with { Amount = forged[i].Amount + 1 };
            Assert.Contains(LedgerReport.Of(forged, Holdings.None, held, []).Checks, static check => !check.Holds);
        }
    }

    [Fact]
    public void Settlements_are_counted_by_transaction()
    {
        MoneyEvent[] events =
        [
            Event(MoneyKind.HostSettled, 1, "one"), Event(MoneyKind.HostSettled, 2, "one"), Event(MoneyKind.HostSettled, 3, "two"), Event(MoneyKind.Deposited, 6, "three"),
        ];

        Assert.Equal(2, LedgerReport.Of(events, Holdings.None, Holdings.None, []).Settlements);
    }

    private static MoneyEvent Event(MoneyKind kind, BigInteger amount, string transaction = "tx") => new(kind, "account", amount, Keccak256.Hash(transaction), 1);

    private sealed record Story(
        BigInteger Deposited, BigInteger Host, BigInteger Royalty, BigInteger Fee, BigInteger HostPaid, BigInteger RoyaltyPaid, BigInteger FeePaid, BigInteger Withdrawn,
        BigInteger Freed, BigInteger Fenced)
    {
        public bool IsSettled => Fenced.IsZero && HostPaid == Host && RoyaltyPaid == Royalty && FeePaid == Fee;

        public LedgerReport Report()
        {
            var (events, held) = Tell();
            return LedgerReport.Of(events, Holdings.None, held, []);
        }

        public (IReadOnlyList<MoneyEvent> Events, Holdings Held) Tell()
        {
            var free = Freed - Withdrawn;
            var earned = Host - HostPaid;
            var fees = Fee - FeePaid;
            return (
                [
                    Event(MoneyKind.Deposited, Deposited), Event(MoneyKind.HostSettled, Host), Event(MoneyKind.RoyaltySettled, Royalty), Event(MoneyKind.FeeSettled, Fee),
                    Event(MoneyKind.RoyaltyReceived, Royalty), Event(MoneyKind.EarningsWithdrawn, HostPaid), Event(MoneyKind.RoyaltyPulled, RoyaltyPaid),
                    Event(MoneyKind.RoyaltyPaid, RoyaltyPaid), Event(MoneyKind.FeesWithdrawn, FeePaid), Event(MoneyKind.LeaseRefunded, Freed), Event(MoneyKind.Withdrawn, Withdrawn),
                    Event(MoneyKind.Staked, 7),
                ],
                new Holdings(free + Fenced + earned + fees, Royalty - RoyaltyPaid, 7, free, Fenced, earned, 0, fees));
        }
    }
}
