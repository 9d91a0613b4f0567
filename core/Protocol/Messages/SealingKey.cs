namespace Dweb.Core.Protocol.Messages;

/// <summary>
/// What an agent's key signs so that users can seal secrets for it: its COE's sealing key. The domain is the lease book's. Who seals compares the signer with
/// the agent that the chain names, so that nobody in between can put a key of their own in its place.
/// </summary>
/// <param name="Key">An X25519 public key.</param>
public sealed record SealingKey(Hash32 Coe, Hash32 Key)
{
    private static readonly Hash32 TypeHash = Keccak256.Hash("SealingKey(bytes32 coe,bytes32 key)");

    public Hash32 StructHash() => new StructHasher().Word(TypeHash).Word(Coe).Word(Key).Hash();
}
