namespace Dweb.Core.Protocol.Messages;

/// <summary>What a signer signs to publish a host image (COE/OS). The domain is the host image registry's.</summary>
/// <param name="RootHash">dm-verity root of its file system.</param>
/// <param name="ManifestDigest">sha256 of its OCI manifest.</param>
public sealed record OsImage(EvmAddress Signer, Hash32 RootHash, Hash32 ManifestDigest, string Channel, string Version)
{
    private static readonly Hash32 TypeHash = Keccak256.Hash(
        "OsImage(address signer,bytes32 rootHash,bytes32 manifestDigest,string channel,string version)");

    public Hash32 StructHash() => new StructHasher()
        .Word(TypeHash).Word(Signer).Word(RootHash).Word(ManifestDigest).Word(Keccak256.Hash(Channel)).Word(Keccak256.Hash(Version))
        .Hash();
}
