using System.Numerics;
using Dweb.Chain.Rpc;

namespace Dweb.Chain.Transactions;

/// <summary>Wei per gas.</summary>
internal readonly record struct Fees(BigInteger MaxPriorityFeePerGas, BigInteger MaxFeePerGas);

/// <summary>
/// Twice the base fee plus the priority fee: room for six full blocks, so that fees asked a moment ago still hold and need
/// not be asked for each transaction.
/// </summary>
internal sealed class FeeSource(ChainClient chain, SenderOptions options, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private (long AskedAt, Fees Fees)? known;

    public async Task<Fees> GetAsync(CancellationToken cancellationToken)
    {
        if (known is { } recent && time.GetElapsedTime(recent.AskedAt) < Freshness)
        {
            return recent.Fees;
        }

        var head = await chain.GetHeadAsync(cancellationToken);
        var priority = options.MaxPriorityFeePerGas ?? await chain.GetPriorityFeeAsync(cancellationToken);
        var max = (2 * head.BaseFee) + priority;
        if (options.MaxFeePerGas is { } bound)
        {
            max = BigInteger.Min(max, bound);
            priority = BigInteger.Min(priority, max);
        }

        var fees = new Fees(priority, max);
        known = (time.GetTimestamp(), fees);
        return fees;
    }

    /// <summary>
    /// For a transaction that takes another one's place: an eighth more of both fees, which is the least that every node takes for a replacement, or
    /// what the chain asks by now, if that is more.
    /// </summary>
    /// <returns>Null when that would be above the bound.</returns>
    public async Task<Fees?> RaiseAsync(Fees from, CancellationToken cancellationToken)
    {
        Forget();
        var now = await GetAsync(cancellationToken);
        var max = BigInteger.Max(now.MaxFeePerGas, Raised(from.MaxFeePerGas));
        var priority = BigInteger.Max(now.MaxPriorityFeePerGas, Raised(from.MaxPriorityFeePerGas));
        return max > options.MaxFeePerGas ? null : new Fees(BigInteger.Min(priority, max), max);
    }

    public void Forget() => known = null;

    private static BigInteger Raised(BigInteger fee) => fee + (fee / 8) + 1;
}
