using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Cli.Ledger;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Tests.Ledger;

public sealed class MoneyEventsTests
{
    private static readonly Hash32 Lease = Keccak256.Hash("lease");

    [Fact]
    public void An_end_tells_what_came_back_and_what_was_paid_for_kept_storage() => Assert.Equal(
        [(MoneyKind.LeaseRefunded, Lease.ToString(), 70), (MoneyKind.RentPaid, Lease.ToString(), 30)],
        Read(ChainLogs.Of(LeaseBook.Events.LeaseEnding.Topic, [Lease, Keccak256.Hash("coe")], [(int)EndReason.Unfunded, 500, 70, 30])));

    [Fact]
    public void A_renewal_tells_what_was_paid_for_the_gap() => Assert.Equal(
        [(MoneyKind.RentPaid, Lease.ToString(), 30)], Read(ChainLogs.Of(LeaseBook.Events.LeaseRenewed.Topic, [Lease], [110, 120, 1, 30])));

    [Fact]
    public void What_opens_a_lease_moves_nothing_that_the_books_count() => Assert.Empty(Read(ChainLogs.Of(
        LeaseBook.Events.LeaseOpened.Topic, [Lease, Keccak256.Hash("order"), Keccak256.Hash("coe")], [0, 0, 0, 7, 100, 60, 2000, 2000, 0, 0, 500, 100, 0, 2048, 1])));

    private static IEnumerable<(MoneyKind, string, BigInteger)> Read(ChainLog log)
    {
        var at = new ContractAddresses(31337, 0, Other, Other, Other, Other, Other, Other, Other, Other, Other, Other, Other) with { LeaseBook = log.Address };
        return new MoneyEvents(at).Read([log]).Select(static e => (e.Kind, e.Account, e.Amount));
    }

    private static EvmAddress Other { get; } = EvmAddress.Parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
}
