using System.Buffers.Binary;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using LeaseKey = Dweb.Core.Protocol.Messages.LeaseKey;

namespace Dweb.Functions.Tests.Indexing;

public sealed class ProjectionTests
{
    private static readonly Hash32 Lease = Keccak256.Hash("lease");
    private static readonly Hash32 Order = Keccak256.Hash("order");
    private static readonly Hash32 Coe = Keccak256.Hash("coe");
    private static readonly EvmAddress User = Address(77);
    private static readonly ChainContracts Contracts = new(
        new ContractAddresses(31337, 0, Address(1), Address(2), Address(3), Address(4), Address(5), Address(6), Address(7), Address(8), Address(9), Address(10), Address(11)), null!);

    private readonly Market market = new();
    private readonly Projection projection;

    public ProjectionTests() => projection = new Projection(Contracts, market);

    private static ChainLog Opened => Book(LeaseBook.Events.LeaseOpened.Topic, [Lease, Order, Coe], 1, 2, 3, 7, 100, 60, 2000, 2100, 5, 6, 500, 100, 9, 2048, 1);

    private static ChainLog Renewed => Book(LeaseBook.Events.LeaseRenewed.Topic, [Lease], 110, 120, 1, 0);

    private static ChainLog Parked => Book(LeaseBook.Events.LeaseParked.Topic, [Lease], 90, 1);

    private static ChainLog Resumed => Book(LeaseBook.Events.LeaseResumed.Topic, [Lease]);

    private static ChainLog Ending => Book(LeaseBook.Events.LeaseEnding.Topic, [Lease, Coe], (uint)EndReason.HostFault, 250, 1, 0);

    private static ChainLog Closed => Book(LeaseBook.Events.LeaseClosed.Topic, [Lease, Coe], 1, 0);

    [Fact]
    public void An_opened_lease_has_its_key_its_image_and_its_terms()
    {
        var lease = After(Opened);
        Assert.Equal(new LeaseKey(Order, 1, 2, 3, Coe), lease.Key);
        Assert.Equal((7, new LeaseTerms(2000, 2100, 5, 6, 500, 100, 9, 2048)), (lease.ImageDigest.ToArray()[31], lease.Terms));
        Assert.Equal((LeaseState.Open, 160UL), (lease.State, lease.FundedUntil));
    }

    [Fact]
    public void A_lease_is_renewed_parked_and_resumed()
    {
        Assert.Equal(230UL, After(Opened, Renewed).FundedUntil);
        Assert.Equal((LeaseState.Parked, 200UL), (After(Opened, Renewed, Parked).State, After(Parked).FundedUntil));
        Assert.Equal(LeaseState.Open, After(Resumed).State);
    }

    [Fact]
    public void What_has_ended_is_not_opened_again_by_events_that_are_read_twice()
    {
        After(Opened, Renewed, Parked, Ending);
        Assert.Equal((LeaseState.Ending, EndReason.HostFault, 250UL), (After(Opened).State, After(Parked).Reason, After(Resumed).EndedAt));
        Assert.Equal(LeaseState.Closed, After(Closed, Parked).State);
    }

    [Fact]
    public void An_end_asks_for_the_limit_that_the_chain_holds()
    {
        var changes = new Changes();
        projection.Apply([Opened, Ending], changes, 1);
        Assert.Equal([Lease], changes.Settled);
        projection.Put(Lease, 40, UsageMerge.Empty);
        Assert.Equal(40U, market.FindLease(Lease)!.Limit);
    }

    [Fact]
    public void An_answer_and_a_dispute_are_remembered_until_the_dispute_is_closed()
    {
        After(Opened, Ending);
        Assert.True(After(Book(LeaseBook.Events.FaultAnswered.Topic, [Lease])).FaultAnswered);
        Assert.Equal(900UL, After(Book(LeaseBook.Events.DisputeOpened.Topic, [Lease, Coe], 5, 1, 900)).DisputedUntil);
        Assert.Equal(0UL, After(Book(LeaseBook.Events.DisputeClosed.Topic, [Lease, Coe], 1, 1)).DisputedUntil);
    }

    [Fact]
    public void A_replica_that_was_put_back_stays_so_through_failovers_until_it_is_upgraded_again()
    {
        projection.Apply([At(0, image: 7), At(1, image: 8), At(2, image: 7), Book(LeaseBook.Events.ReplicaPutBack.Topic, [Order], 1, 2, 2)], new Changes(), 1);
        projection.Apply([At(3, image: 7), At(4, image: 9)], new Changes(), 2);
        projection.Apply([At(2, image: 7)], new Changes(), 2);
        Assert.Equal([0, 0, 8, 8, 0], Enumerable.Range(0, 5).Select(g => (int)market.FindLease(Keccak256.Hash($"lease {g}"))!.PutBackFrom.ToArray()[31]));

        static ChainLog At(uint generation, uint image) => Book(
            LeaseBook.Events.LeaseOpened.Topic, [Keccak256.Hash($"lease {generation}"), Order, Coe], 1, 2, generation, image, 100, 60, 2000, 2100, 5, 6, 500, 100, 9, 2048, 1);
    }

    [Fact]
    public void Raising_an_epoch_cancels_the_users_older_orders_only()
    {
        foreach (ulong epoch in new ulong[] { 0, 1 })
        {
            var hash = Keccak256.Hash($"order {epoch}");
            market.Orders[hash] = new AdmittedOrder(
                hash, new OrderDocument(User, [], 1, 1, 1, 1, 1, 0, 0, 0, EvmAddress.Zero, epoch, Hash32.Zero), 1, Cancelled: false);
        }

        projection.Apply([Book(LeaseBook.Events.EpochRaised.Topic, [Word(77)], 1)], new Changes(), 1);
        Assert.True(market.Orders[Keccak256.Hash("order 0")].Cancelled);
        Assert.False(market.Orders[Keccak256.Hash("order 1")].Cancelled);
    }

    [Fact]
    public void A_revoked_host_image_makes_the_coes_that_claim_it_be_read_again()
    {
        var image = Keccak256.Hash("os");
        market.Coes[Coe] = new CoeRecord(
            Coe, "a", EvmAddress.Zero, EvmAddress.Zero, CoeStatus.Active, 0, [], [], [], [], 0, 0, 0, image, OsRevoked: false, AcceptsBook: true, "");
        var other = Keccak256.Hash("other");
        market.Coes[other] = market.Coes[Coe] with { Coe = other, OsImage = Hash32.Zero };
        var changes = new Changes();

        // The reason, an empty string.
        projection.Apply([Log(Contracts.CoeOsRegistry.Address, CoeOsRegistry.Events.OsImageRevoked.Topic, [image, Word(77)], 32, 0)], changes, 1);
        Assert.Equal([Coe], changes.Coes);
    }

    private LeaseRecord After(params IReadOnlyList<ChainLog> logs)
    {
        projection.Apply(logs, new Changes(), 1);
        return market.FindLease(Lease)!;
    }

    private static ChainLog Book(Hash32 topic, IEnumerable<Hash32> indexed, params IEnumerable<uint> words) => Log(Contracts.LeaseBook.Address, topic, indexed, words);

    private static ChainLog Log(EvmAddress contract, Hash32 topic, IEnumerable<Hash32> indexed, params IEnumerable<uint> words) => new(
        contract, [topic, .. indexed], [.. words.SelectMany(static word => Word(word).ToArray())], 1, Hash32.Zero, Hash32.Zero, 0, Removed: false);

    private static Hash32 Word(uint value)
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(28), value);
        return new Hash32(bytes);
    }

    private static EvmAddress Address(uint value) => new(Word(value).ToArray().AsSpan(12));
}
