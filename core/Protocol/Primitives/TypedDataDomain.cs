namespace Dweb.Core.Protocol;

/// <summary>The EIP-712 domain of every signed message: {Dweb, 1, chain, contract that verifies it}.</summary>
public sealed record TypedDataDomain(ulong ChainId, EvmAddress VerifyingContract)
{
    public const string Name = "Dweb";
    public const string Version = "1";

    private static readonly Hash32 TypeHash =
        Keccak256.Hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    public Hash32 Separator() => new StructHasher()
        .Word(TypeHash).Word(Keccak256.Hash(Name)).Word(Keccak256.Hash(Version)).Word(ChainId).Word(VerifyingContract)
        .Hash();

    /// <summary>What a key signs: keccak256(0x1901 ‖ separator ‖ struct hash).</summary>
    public Hash32 Digest(Hash32 structHash)
    {
        Span<byte> bytes = stackalloc byte[66];
        bytes[0] = 0x19;
        bytes[1] = 0x01;
        Separator().CopyTo(bytes[2..]);
        structHash.CopyTo(bytes[34..]);
        return Keccak256.Hash(bytes);
    }
}
