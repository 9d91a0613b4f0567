using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Contracts;

/// <summary>A call that changes state, encoded and not yet signed.</summary>
/// <param name="Function">Name of the contract's function, for logs and errors.</param>
public sealed record ContractCall(EvmAddress To, byte[] Data, string Function)
{
    /// <summary>Wei of the chain's own coin sent along.</summary>
    public BigInteger Value { get; init; } = BigInteger.Zero;
}
