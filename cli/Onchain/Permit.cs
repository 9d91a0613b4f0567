using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Onchain;

/// <summary>What an owner of tokens signs so that a spender may take some (EIP-2612). The domain is the token's.</summary>
/// <param name="Deadline">Unix time in seconds, the chain's.</param>
internal sealed record Permit(EvmAddress Owner, EvmAddress Spender, BigInteger Value, BigInteger Nonce, ulong Deadline)
{
    private static readonly Hash32 TypeHash =
        Keccak256.Hash("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    public Hash32 StructHash() => new StructHasher()
        .Word(TypeHash).Word(Owner).Word(Spender).Word(Value).Word(Nonce).Word(Deadline)
        .Hash();
}
