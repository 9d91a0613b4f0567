using System.Numerics;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;

namespace Dweb.Chain.Transactions;

/// <summary>
/// A transaction whose nonce is ahead of the chain waits for ever: after a node lost its memory, or went back to an older
/// state. The missing nonces are filled with empty transactions to oneself. Signing the waiting call again with a lower
/// nonce instead could run it twice.
/// </summary>
internal sealed class NonceGap(ChainClient chain, ISigner signer, SenderOptions options, Broadcast broadcast, FeeSource fees)
{
    private const ulong PlainTransferGas = 21_000;

    /// <param name="inFlight">The sender's own transactions by nonce: one of them that the node lost is sent again as it was.</param>
    public async Task FillBeforeAsync(
        SignedTransaction waiting, IReadOnlyDictionary<ulong, SignedTransaction> inFlight, CancellationToken cancellationToken)
    {
        for (int filled = 0; filled < options.MaxGapToFill; filled++)
        {
            ulong missing = await chain.GetTransactionCountAsync(signer.Address, BlockTag.Pending, cancellationToken);
            if (missing >= waiting.Nonce)
            {
                return;
            }

            var filler = inFlight.TryGetValue(missing, out var own) ? own : await SignFillerAsync(missing, cancellationToken);
            await broadcast.SendPlainAsync(filler, cancellationToken);
        }
    }

    private Task<SignedTransaction> SignFillerAsync(ulong nonce, CancellationToken cancellationToken)
    {
        var nothing = new TransactionIntent(signer.Address, [], BigInteger.Zero, "fill nonce gap");
        return SignedIntent.CreateAsync(chain, signer, fees, nothing, nonce, PlainTransferGas, cancellationToken);
    }
}
