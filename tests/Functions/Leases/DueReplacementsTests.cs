using Dweb.Core.Metering;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Leases;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Tests.Leases;

/// <summary>Orders of 200 seconds of which a host has 20 to start.</summary>
public sealed class DueReplacementsTests
{
    private const ulong Origin = 1_800_000_000;
    private static readonly Dictionary<Hash32, ulong> NobodyLost = [];

    private static readonly AdmittedOrder Order = new(
        Keccak256.Hash("order"), new OrderDocument(EvmAddress.Zero, [], 1, 200, 60, Origin, 20, 0, 0, 0, EvmAddress.Zero, 0, Hash32.Zero), 1, Cancelled: false);

    [Fact]
    public void An_open_lease_on_a_silent_coe_is_asked_for_at_the_next_generation_and_elsewhere()
    {
        var (lost, other) = (Lease(0, 0), Lease(1, 0));
        var due = DueReplacements.Of(Order, [lost, other], new Dictionary<Hash32, ulong> { [lost.LeaseId] = Origin + 30 });

        Assert.Equal([new ReplicaSlot(0, 0, 1)], due.Request.Slots);
        Assert.Equal([lost.Coe], due.Request.Excluded);
        Assert.Equal([new RunningReplica(0, 1, other.Coe)], due.Request.Running);
        Assert.Equal([lost], due.Lost);
    }

    [Theory]
    [InlineData(EndReason.HostFault, 1)]
    [InlineData(EndReason.HostDrain, 1)]
    [InlineData(EndReason.Declined, 1)]
    [InlineData(EndReason.NoShow, 1)]
    [InlineData(EndReason.Moved, 1)]
    [InlineData(EndReason.User, 0)]
    [InlineData(EndReason.Expired, 0)]
    [InlineData(EndReason.Unfunded, 0)]
    [InlineData(EndReason.RevokedMalicious, 0)]
    public void A_lease_that_has_ended_is_asked_for_again_when_its_end_makes_room(EndReason reason, int slots)
    {
        var due = DueReplacements.Of(Order, [Ended(0, 0, reason)], NobodyLost);
        Assert.Equal((slots, 0, 0), (due.Request.Slots.Count, due.Lost.Count, due.Final.Count));
    }

    [Fact]
    public void A_replica_that_has_its_successor_is_not_asked_for_again() =>
        Assert.False(DueReplacements.Of(Order, [Ended(0, 0, EndReason.HostFault), Lease(0, 1)], NobodyLost).Any);

    [Fact]
    public void A_replica_with_less_time_left_than_a_host_has_to_start_is_final()
    {
        var due = DueReplacements.Of(Order, [Ended(0, 0, EndReason.HostDrain, ran: 181)], NobodyLost);
        Assert.Equal((false, new ReplicaId(0, 0)), (due.Any, Assert.Single(due.Final)));
        Assert.True(DueReplacements.Of(Order, [Ended(0, 0, EndReason.HostDrain, ran: 180)], NobodyLost).Any);
    }

    [Fact]
    public void The_replicas_of_a_cancelled_order_are_final()
    {
        var lost = Lease(0, 0);
        var due = DueReplacements.Of(Order with { Cancelled = true }, [lost, Ended(1, 0, EndReason.Moved)], new Dictionary<Hash32, ulong> { [lost.LeaseId] = Origin });
        Assert.Equal((false, 2), (due.Any, due.Final.Count));
    }

    [Fact]
    public void A_lost_lease_gives_back_what_it_was_funded_for_beyond_its_end()
    {
        var whole = Lease(0, 0) with { Limit = 200 };
        Assert.True(DueReplacements.Of(Order, [whole], new Dictionary<Hash32, ulong> { [whole.LeaseId] = Origin + 180 }).Any);
        Assert.False(DueReplacements.Of(Order, [whole], new Dictionary<Hash32, ulong> { [whole.LeaseId] = Origin + 181 }).Any);
        var settled = whole with { Settled = UsageMerge.Empty with { Seconds = 181 } };
        Assert.False(DueReplacements.Of(Order, [settled], new Dictionary<Hash32, ulong> { [whole.LeaseId] = Origin + 100 }).Any);
    }

    private static LeaseRecord Lease(ushort replica, ushort generation) => new(
        Keccak256.Hash($"lease {replica} {generation}"), Order.OrderHash, Keccak256.Hash($"coe {replica} {generation}"), 0, replica, generation, Hash32.Zero, Origin, 60,
        new LeaseTerms(1, 1, 0, 0, 0, 0, 0, 0), LeaseState.Open, EndReason.None, 0, UsageMerge.Empty);

    private static LeaseRecord Ended(ushort replica, ushort generation, EndReason reason, uint ran = 10) =>
        Lease(replica, generation) with { State = LeaseState.Closed, Reason = reason, EndedAt = Origin + ran, Settled = UsageMerge.Empty with { Seconds = ran } };
}
