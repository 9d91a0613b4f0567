namespace Dweb.Core.Protocol.Messages;

/// <summary>
/// What an agent's key signs before a COE is registered with it, or rotated to it: that it serves this COE, for ever. The domain is the COE
/// registry's. The id names the host, so the consent is of use to that host alone.
/// </summary>
public sealed record AgentConsent(Hash32 Coe)
{
    private static readonly Hash32 TypeHash = Keccak256.Hash("AgentConsent(bytes32 coe)");

    public Hash32 StructHash() => new StructHasher().Word(TypeHash).Word(Coe).Hash();
}
