namespace Dweb.Core.Protocol.Messages;

/// <summary>Which replica goes to which COE, at what rate at most.</summary>
/// <param name="MaxHostRate">Gwei per second; guards against an ask that moved after the plan was signed.</param>
public sealed record PlanEntry(ushort Service, ushort Replica, ushort Generation, Hash32 Coe, ulong MaxHostRate)
{
    internal const string Type = "PlanEntry(uint16 service,uint16 replica,uint16 generation,bytes32 coe,uint64 maxHostRate)";

    private static readonly Hash32 TypeHash = Keccak256.Hash(Type);

    public Hash32 StructHash() => new StructHasher()
        .Word(TypeHash).Word(Service).Word(Replica).Word(Generation).Word(Coe).Word(MaxHostRate)
        .Hash();

    /// <summary>The encoding of <c>PlanEntry[]</c> in typed data.</summary>
    internal static Hash32 HashOf(IEnumerable<PlanEntry> entries) =>
        entries.Aggregate(new StructHasher(), static (hasher, entry) => hasher.Word(entry.StructHash())).Hash();
}

/// <summary>All placements of one order, as M of N scheduler members sign them.</summary>
/// <param name="Deadline">Unix time after which the plan opens nothing; at most ASK_DELAY ahead.</param>
public sealed record Plan(Hash32 OrderHash, IReadOnlyList<PlanEntry> Entries, ulong CommitteeEpoch, ulong Deadline)
{
    private static readonly Hash32 TypeHash = Keccak256.Hash(
        "Plan(bytes32 orderHash,PlanEntry[] entries,uint64 committeeEpoch,uint64 deadline)" + PlanEntry.Type);

    public Hash32 EntriesHash() => PlanEntry.HashOf(Entries);

    public Hash32 StructHash() => new StructHasher()
        .Word(TypeHash).Word(OrderHash).Word(EntriesHash()).Word(CommitteeEpoch).Word(Deadline)
        .Hash();
}
