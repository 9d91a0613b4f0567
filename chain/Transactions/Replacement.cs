using System.Numerics;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;

namespace Dweb.Chain.Transactions;

/// <summary>
/// Puts a transaction with the same nonce and higher fees in the place of one that is not mined. Of the two at most one can ever be in the chain.
/// </summary>
internal sealed class Replacement(ChainClient chain, ISigner signer, FeeSource fees, Broadcast broadcast)
{
    private const ulong PlainTransferGas = 21_000;

    // An eighth each: a hundredfold.
    private const int MostRaises = 40;

    /// <summary>The same call for more.</summary>
    /// <returns>Null when the fees are at their bound.</returns>
    public async Task<SignedTransaction?> RaiseAsync(SignedTransaction stuck, CancellationToken cancellationToken)
    {
        if (await fees.RaiseAsync(FeesOf(stuck), cancellationToken) is not { } raised)
        {
            return null;
        }

        var next = (stuck.Content with { MaxFeePerGas = raised.MaxFeePerGas, MaxPriorityFeePerGas = raised.MaxPriorityFeePerGas }).Sign(signer);
        await broadcast.SendPlainAsync(next, cancellationToken);
        return next;
    }

    /// <summary>
    /// An empty transaction in the place of one whose bytes nobody here has: sent before a restart, or given up on. What it was to do is done by
    /// whoever wanted it, who looks at the chain and sends it again.
    /// </summary>
    /// <param name="waiting">A later one, from whose fees the search begins: those of the other are not known.</param>
    /// <returns>Null when the fees are at their bound.</returns>
    public async Task<SignedTransaction?> ClearAsync(ulong nonce, SignedTransaction waiting, CancellationToken cancellationToken)
    {
        var nothing = new TransactionIntent(signer.Address, [], BigInteger.Zero, "clear a stuck nonce");
        var from = FeesOf(waiting);
        for (int raise = 1; await fees.RaiseAsync(from, cancellationToken) is { } raised; raise++)
        {
            from = raised;
            var empty = await SignedIntent.CreateAsync(chain, signer, raised, nothing, nonce, PlainTransferGas, cancellationToken);
            try
            {
                await broadcast.SendPlainAsync(empty, cancellationToken);
                return empty;
            }
            catch (RpcException refused) when (raise < MostRaises && refused.NodeMessage.Contains("underpriced", StringComparison.OrdinalIgnoreCase))
            {
                // It pays more than that; the next one is an eighth higher.
            }
        }

        return null;
    }

    private static Fees FeesOf(SignedTransaction transaction) => new(transaction.Content.MaxPriorityFeePerGas, transaction.Content.MaxFeePerGas);
}
