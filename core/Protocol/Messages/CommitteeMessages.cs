namespace Dweb.Core.Protocol.Messages;

/// <summary>The move of live replicas to a new image, as M of N scheduler members sign it. The domain is the lease book's.</summary>
/// <param name="ImageDigest">What the channel <c>stable</c> of the running image's name must point to when this is carried out.</param>
/// <param name="Entries">The successors, in the order of the leases that they replace.</param>
/// <param name="Overlap">Seconds that the old leases go on; at most 600.</param>
/// <param name="Deadline">Unix time after which it moves nothing.</param>
public sealed record Upgrade(
    Hash32 OrderHash, Hash32 ImageDigest, IReadOnlyList<PlanEntry> Entries, uint Overlap, ulong CommitteeEpoch, ulong Deadline)
{
    private static readonly Hash32 TypeHash = Keccak256.Hash(
        "Upgrade(bytes32 orderHash,bytes32 imageDigest,PlanEntry[] entries,uint32 overlap,uint64 committeeEpoch,uint64 deadline)" + PlanEntry.Type);

    public Hash32 EntriesHash() => PlanEntry.HashOf(Entries);

    public Hash32 StructHash() => new StructHasher()
        .Word(TypeHash).Word(OrderHash).Word(ImageDigest).Word(EntriesHash()).Word(Overlap).Word(CommitteeEpoch).Word(Deadline)
        .Hash();
}

/// <summary>That a lease's COE has been dead since a time, as M of N scheduler members sign it. The domain is the lease book's.</summary>
/// <param name="DeadSince">Unix time.</param>
/// <param name="Deadline">Unix time after which it ends nothing.</param>
public sealed record Fault(Hash32 LeaseId, ulong DeadSince, ulong CommitteeEpoch, ulong Deadline)
{
    private static readonly Hash32 TypeHash = Keccak256.Hash("Fault(bytes32 leaseId,uint64 deadSince,uint64 committeeEpoch,uint64 deadline)");

    public Hash32 StructHash() => new StructHasher()
        .Word(TypeHash).Word(LeaseId).Word(DeadSince).Word(CommitteeEpoch).Word(Deadline)
        .Hash();
}

/// <summary>What M of N scheduler members found about a disputed service. The domain is the lease book's.</summary>
/// <param name="DisputedSeconds">Of the lease in all, so that a verdict is about one dispute only.</param>
/// <param name="Refund">To the user; otherwise the user's bond goes to the host.</param>
/// <param name="Deadline">Unix time after which it decides nothing.</param>
public sealed record Verdict(Hash32 LeaseId, uint DisputedSeconds, bool Refund, ulong CommitteeEpoch, ulong Deadline)
{
    private static readonly Hash32 TypeHash = Keccak256.Hash(
        "Verdict(bytes32 leaseId,uint32 disputedSeconds,bool refund,uint64 committeeEpoch,uint64 deadline)");

    public Hash32 StructHash() => new StructHasher()
        .Word(TypeHash).Word(LeaseId).Word(DisputedSeconds).Word(Refund ? 1UL : 0UL).Word(CommitteeEpoch).Word(Deadline)
        .Hash();
}
