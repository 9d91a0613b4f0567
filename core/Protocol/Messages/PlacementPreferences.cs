namespace Dweb.Core.Protocol.Messages;

/// <summary>What a service's <see cref="Service.PlacementHash"/> commits to: preferences that the chain does not check and scheduler members do.</summary>
/// <param name="Coes">The only COEs on which it may run, in ascending order.</param>
public sealed record PlacementPreferences(IReadOnlyList<Hash32> Coes)
{
    /// <summary>Most COEs of one service.</summary>
    public const int Most = 64;

    private static readonly Hash32 TypeHash = Keccak256.Hash("Placement(bytes32[] coes)");

    public static PlacementPreferences Of(IEnumerable<Hash32> coes) => new([.. coes.Distinct().Order()]);

    /// <summary>The EIP-712 struct hash.</summary>
    public Hash32 Hash() => new StructHasher()
        .Word(TypeHash).Word(Coes.Aggregate(new StructHasher(), static (hasher, coe) => hasher.Word(coe)).Hash())
        .Hash();
}
