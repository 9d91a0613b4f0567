using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Cli.Ledger;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Tests.Ledger;

public sealed class LeaseRentsTests
{
    private const uint Grace = 15;
    private static readonly BigInteger Gwei = 1_000_000_000;
    private static readonly Hash32 Lease = Keccak256.Hash("lease");
    private readonly LeaseRents rents = new(Grace);

    // Half of 2,000 gwei a second is storage's: its rent is 1,000. Funded from 100 to 160.
    public LeaseRentsTests() => Assert.Equal(0, rents.Take(Log(
        LeaseBook.Events.LeaseOpened.Topic, [Keccak256.Hash("order"), Keccak256.Hash("coe")], 0, 0, 0, 7, 100, 60, 2000, 2000, 0, 0, 500, 100, 0, 2048, 1)));

    [Theory]
    [InlineData(EndReason.User, 150, 0)]
    [InlineData(EndReason.User, 160, 0)]
    [InlineData(EndReason.User, 165, 5)]
    [InlineData(EndReason.Unfunded, 500, 15)]
    [InlineData(EndReason.Expired, 500, 0)]
    public void An_end_pays_for_the_time_that_nobody_funded_up_to_the_grace(EndReason reason, int endedAt, int seconds) =>
        Assert.Equal(seconds * 1000 * Gwei, rents.Take(Ending(reason, endedAt)));

    [Fact]
    public void A_renewed_lease_counts_from_its_new_origin_and_a_parked_one_from_what_it_was_cut_to()
    {
        Assert.Equal(0, rents.Take(Log(LeaseBook.Events.LeaseRenewed.Topic, [], 110, 120, 1, 10_000)));
        Assert.Equal(0, rents.Take(Log(LeaseBook.Events.LeaseParked.Topic, [], 90, 1)));
        Assert.Equal(3 * 1000 * Gwei, rents.Take(Ending(EndReason.User, 203)));
    }

    [Fact]
    public void A_lease_that_was_never_opened_pays_nothing() => Assert.Equal(0, new LeaseRents(Grace).Take(Ending(EndReason.User, 165)));

    private static ChainLog Ending(EndReason reason, int endedAt) => Log(LeaseBook.Events.LeaseEnding.Topic, [Keccak256.Hash("coe")], (int)reason, endedAt, 0);

    private static ChainLog Log(Hash32 topic, IEnumerable<Hash32> indexed, params IEnumerable<int> words) => ChainLogs.Of(topic, [Lease, .. indexed], words);
}
