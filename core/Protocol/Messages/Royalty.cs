namespace Dweb.Core.Protocol.Messages;

/// <summary>An edge of the royalty graph: an existing node and its weight, at least 1.</summary>
public sealed record Edge(Hash32 Node, ushort Weight)
{
    internal const string Type = "Edge(bytes32 node,uint16 weight)";

    private static readonly Hash32 TypeHash = Keccak256.Hash(Type);

    public Hash32 StructHash() => new StructHasher().Word(TypeHash).Word(Node).Word(Weight).Hash();

    internal static Hash32 HashOf(IEnumerable<Edge> edges) =>
        edges.Aggregate(new StructHasher(), static (hasher, edge) => hasher.Word(edge.StructHash())).Hash();
}

/// <summary>What a repository's owner signs to publish a version. The domain is the code registry's.</summary>
/// <param name="Repository">Token id of the repository.</param>
/// <param name="SourceDigest">sha256 of the source archive.</param>
/// <param name="License">SPDX expression.</param>
public sealed record Release(
    Hash32 Repository, string Version, Hash32 SourceDigest, string Uri, string License, ushort SelfWeight, IReadOnlyList<Edge> Upstream)
{
    private static readonly Hash32 TypeHash = Keccak256.Hash(
        "Release(uint256 repository,string version,bytes32 sourceDigest,string uri,string license,uint16 selfWeight,Edge[] upstream)" + Edge.Type);

    public Hash32 StructHash() => new StructHasher()
        .Word(TypeHash).Word(Repository).Word(Keccak256.Hash(Version)).Word(SourceDigest).Word(Keccak256.Hash(Uri)).Word(Keccak256.Hash(License))
        .Word(SelfWeight).Word(Edge.HashOf(Upstream))
        .Hash();
}

/// <summary>What a publisher signs to mint an image's NFT. The domain is the container registry's.</summary>
/// <param name="ManifestDigest">sha256 of the OCI manifest; the token id.</param>
/// <param name="RoyaltyBps">Basis points of the base charge, between the registry's floor and cap.</param>
public sealed record Image(
    EvmAddress Publisher, Hash32 ManifestDigest, string Name, ushort RoyaltyBps, ushort SelfWeight, IReadOnlyList<Edge> Components)
{
    /// <summary>Manifest annotation that holds the publisher's address.</summary>
    public const string PublisherAnnotation = "io.dweb.publisher";

    /// <summary>Manifest annotation that holds <see cref="ComponentsHash"/>.</summary>
    public const string ComponentsAnnotation = "io.dweb.components";

    private static readonly Hash32 TypeHash = Keccak256.Hash(
        "Image(address publisher,bytes32 manifestDigest,string name,uint16 royaltyBps,uint16 selfWeight,Edge[] components)" + Edge.Type);

    private static readonly Hash32 ComponentsTypeHash = Keccak256.Hash("Components(uint16 royaltyBps,uint16 selfWeight,Edge[] components)" + Edge.Type);

    /// <summary>What the manifest commits to: who is paid, and how much.</summary>
    public static Hash32 ComponentsHashOf(ushort royaltyBps, ushort selfWeight, IEnumerable<Edge> components) => new StructHasher()
        .Word(ComponentsTypeHash).Word(royaltyBps).Word(selfWeight).Word(Edge.HashOf(components))
        .Hash();

    public Hash32 ComponentsHash() => ComponentsHashOf(RoyaltyBps, SelfWeight, Components);

    public Hash32 StructHash() => new StructHasher()
        .Word(TypeHash).Word(Publisher).Word(ManifestDigest).Word(Keccak256.Hash(Name)).Word(RoyaltyBps).Word(SelfWeight).Word(Edge.HashOf(Components))
        .Hash();
}
