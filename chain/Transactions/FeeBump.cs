using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Transactions;

/// <summary>A transaction that was next in turn was not mined in time, and what was done about it.</summary>
/// <param name="Function">What waits for it.</param>
/// <param name="Stuck">Its hash; null for one of the same key that this process did not send, or has given up on.</param>
/// <param name="By">Hash of the transaction in its place; null when its fees are at their bound already: it is waited for as it is.</param>
/// <param name="MaxFeePerGas">Wei per gas, of the newer one.</param>
/// <param name="MaxPriorityFeePerGas">Wei per gas, of the newer one.</param>
public sealed record FeeBump(string Function, EvmAddress Sender, ulong Nonce, Hash32? Stuck, Hash32? By, BigInteger MaxFeePerGas, BigInteger MaxPriorityFeePerGas);

/// <inheritdoc cref="FeeBump"/>
public sealed class FeeBumpEventArgs(FeeBump bump) : EventArgs
{
    public FeeBump Bump => bump;
}
