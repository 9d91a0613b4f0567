using Dweb.Core.Resources;

namespace Dweb.Core.Protocol.Messages;

/// <summary>One service of an order: what to run, how often, and the market it may be placed on.</summary>
/// <param name="ImageDigest">sha256 of the OCI manifest.</param>
/// <param name="SpecHash">keccak256 of the canonical spec.</param>
/// <param name="Replicas">1 to 256.</param>
/// <param name="Ceiling">The dearest price that the user accepts for each resource.</param>
/// <param name="RegionMask">Bit r allows region r; 0 allows every region.</param>
/// <param name="MinStake">Wei that a COE must have free in stake.</param>
/// <param name="PlacementHash">Hash of the preferences that the chain does not check.</param>
public sealed record Service(
    Hash32 ImageDigest,
    Hash32 SpecHash,
    ushort Replicas,
    ResourceVector Reserved,
    PriceVector Ceiling,
    ulong RegionMask,
    UInt128 MinStake,
    Hash32 PlacementHash)
{
    internal const string Type =
        "Service(bytes32 imageDigest,bytes32 specHash,uint16 replicas,uint64[5] reserved,uint128[5] ceiling,uint64 regionMask,uint128 minStake,bytes32 placementHash)";

    private static readonly Hash32 TypeHash = Keccak256.Hash(Type);

    public Hash32 StructHash() => new StructHasher()
        .Word(TypeHash).Word(ImageDigest).Word(SpecHash).Word(Replicas)
        .Word(HashOf(Reserved)).Word(HashOf(Ceiling))
        .Word(RegionMask).Word(MinStake).Word(PlacementHash)
        .Hash();

    /// <summary>The encoding of <c>Service[]</c> in the order's typed data.</summary>
    public static Hash32 HashOf(IEnumerable<Service> services) =>
        services.Aggregate(new StructHasher(), static (hasher, service) => hasher.Word(service.StructHash())).Hash();

    private static Hash32 HashOf(ResourceVector vector) =>
        vector.ToList().Aggregate(new StructHasher(), static (hasher, value) => hasher.Word(value)).Hash();

    private static Hash32 HashOf(PriceVector vector) =>
        vector.ToList().Aggregate(new StructHasher(), static (hasher, value) => hasher.Word(value)).Hash();
}
