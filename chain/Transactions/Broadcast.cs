using Dweb.Chain.Rpc;

namespace Dweb.Chain.Transactions;

/// <summary>
/// Hands signed bytes to the node, by the call that answers with the receipt where the node has it. Returns when the node
/// holds the transaction; throws <see cref="RpcException"/> when it refused it for good.
/// </summary>
internal sealed class Broadcast(ChainClient chain, SenderOptions options)
{
    private const int MethodNotFound = -32601;

    // EIP-7966: the node holds the transaction but its own wait ran out, or the transaction waits for an earlier nonce.
    private const int StillWaiting = 4;
    private const int WaitsForNonce = 5;

    private const int Attempts = 3;

    private bool hasSync = true;

    /// <returns>The receipt when the node gave it at once, else null.</returns>
    /// <exception cref="RpcException">The node refused the transaction and does not hold it.</exception>
    /// <exception cref="RpcUnavailableException">It is not known whether the node has the transaction.</exception>
    public async Task<TransactionReceipt?> SendAsync(SignedTransaction transaction, CancellationToken cancellationToken)
    {
        if (hasSync)
        {
            try
            {
                return await SendSyncAsync(transaction, cancellationToken);
            }
            catch (RpcException error) when (error.Code == MethodNotFound)
            {
                hasSync = false;
            }
            catch (RpcException error) when (error.Code is StillWaiting or WaitsForNonce)
            {
                return null;
            }
            catch (RpcException)
            {
                if (!await chain.KnowsTransactionAsync(transaction.Hash, cancellationToken))
                {
                    throw;
                }

                return null;
            }
            catch (RpcUnavailableException)
            {
                // The answer is lost or late, the transaction perhaps not: the plain call below settles it.
            }
        }

        await SendPlainAsync(transaction, cancellationToken);
        return null;
    }

    /// <summary>Sends without waiting for a receipt, until the node is seen to hold it.</summary>
    public async Task SendPlainAsync(SignedTransaction transaction, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                if (!await chain.KnowsTransactionAsync(transaction.Hash, cancellationToken))
                {
                    await chain.Rpc.SendAsync(Request("eth_sendRawTransaction", transaction), cancellationToken);
                }

                return;
            }
            catch (RpcException)
            {
                // "Already known", or "nonce too low" because it is mined by now, are not refusals.
                if (!await chain.KnowsTransactionAsync(transaction.Hash, cancellationToken))
                {
                    throw;
                }

                return;
            }
            catch (RpcUnavailableException) when (attempt < Attempts)
            {
                // The same bytes have the same hash, so sending them again is safe.
            }
        }
    }

    private async Task<TransactionReceipt> SendSyncAsync(SignedTransaction transaction, CancellationToken cancellationToken) =>
        ChainJson.ReadReceipt(
            await chain.Rpc.SendAsync(Request("eth_sendRawTransactionSync", transaction, options.SyncTimeout), cancellationToken));

    private static RpcRequest Request(string method, SignedTransaction transaction, TimeSpan? timeout = null) =>
        new(method, Quantity.FormatData(transaction.Raw)) { Timeout = timeout };
}
