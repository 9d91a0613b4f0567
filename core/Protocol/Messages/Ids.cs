namespace Dweb.Core.Protocol.Messages;

/// <summary>Every id is derived from what it names, so a reorganised chain cannot give an old signature a new meaning.</summary>
public static class Ids
{
    /// <param name="book">Chain and address of the lease book.</param>
    public static Hash32 Lease(TypedDataDomain book, Hash32 orderHash, ushort service, ushort replica, ushort generation, Hash32 coe) => new StructHasher()
        .Word(book.ChainId).Word(book.VerifyingContract).Word(orderHash).Word(service).Word(replica).Word(generation).Word(coe)
        .Hash();

    public static Hash32 Coe(TypedDataDomain coeRegistry, EvmAddress host, string name) => Named(coeRegistry, host, name);

    public static Hash32 Repository(TypedDataDomain codeRegistry, EvmAddress owner, string name) => Named(codeRegistry, owner, name);

    /// <summary>A release's id is also its node in the royalty graph.</summary>
    public static Hash32 Release(TypedDataDomain codeRegistry, Hash32 repository, string version) => new StructHasher()
        .Word(codeRegistry.ChainId).Word(codeRegistry.VerifyingContract).Word(repository).Word(Keccak256.Hash(version))
        .Hash();

    public static Hash32 ImageNode(TypedDataDomain containerRegistry, Hash32 manifestDigest) => new StructHasher()
        .Word(containerRegistry.ChainId).Word(containerRegistry.VerifyingContract).Word(manifestDigest)
        .Hash();

    public static Hash32 OsImage(TypedDataDomain osRegistry, EvmAddress signer, Hash32 rootHash, Hash32 manifestDigest) => new StructHasher()
        .Word(osRegistry.ChainId).Word(osRegistry.VerifyingContract).Word(signer).Word(rootHash).Word(manifestDigest)
        .Hash();

    private static Hash32 Named(TypedDataDomain registry, EvmAddress owner, string name) => new StructHasher()
        .Word(registry.ChainId).Word(registry.VerifyingContract).Word(owner).Word(Keccak256.Hash(name))
        .Hash();
}
