using System.Collections.Concurrent;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Transactions;

/// <summary>
/// Waits until a transaction is in a block: sends it again when the node lost it, fills the gap before it, and replaces it by one that pays more when
/// it is next in turn and stays where it is. Any of its versions may be the one that is mined.
/// </summary>
/// <param name="turn">Held while something is sent: one nonce, one sender.</param>
/// <param name="inFlight">The newest version of what this process has sent, by nonce.</param>
/// <param name="tell">Hears of each replacement.</param>
internal sealed class Confirmation(
    ChainClient chain, EvmAddress sender, SenderOptions options, TimeProvider time, Broadcast broadcast, NonceGap gap, Replacement replacement, SemaphoreSlim turn,
    ConcurrentDictionary<ulong, SignedTransaction> inFlight, Action<FeeBump> tell)
{
    /// <exception cref="TransactionNotConfirmedException">No receipt in time, or the node refused or went away while it was waited for.</exception>
    public async Task<TransactionReceipt> WaitAsync(SignedTransaction first, TransactionIntent intent, CancellationToken cancellationToken)
    {
        var versions = new List<SignedTransaction> { first };
        long start = time.GetTimestamp();
        var (nextCare, nextBump) = (options.CareInterval, options.BumpAfter);
        try
        {
            while (time.GetElapsedTime(start) < options.ConfirmationTimeout)
            {
                if (await FindReceiptAsync(versions, cancellationToken) is { } receipt)
                {
                    return receipt;
                }

                if (time.GetElapsedTime(start) >= nextBump)
                {
                    nextBump += options.BumpAfter;
                    await InTurnAsync(versions, () => BumpAsync(versions, intent, cancellationToken), cancellationToken);
                }
                else if (time.GetElapsedTime(start) >= nextCare)
                {
                    nextCare += options.CareInterval;
                    await InTurnAsync(versions, () => CareAsync(versions[^1], cancellationToken), cancellationToken);
                }

                await Task.Delay(options.PollInterval, time, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is RpcUnavailableException or RpcException)
        {
            throw new TransactionNotConfirmedException(intent.Function, versions[^1].Hash, failure.Message, failure);
        }

        throw new TransactionNotConfirmedException(
            intent.Function, versions[^1].Hash, $"no receipt within {options.ConfirmationTimeout.TotalSeconds:0} s");
    }

    private async Task<TransactionReceipt?> FindReceiptAsync(List<SignedTransaction> versions, CancellationToken cancellationToken)
    {
        foreach (var version in versions)
        {
            if (await chain.GetReceiptAsync(version.Hash, cancellationToken) is { } receipt)
            {
                return receipt;
            }
        }

        return null;
    }

    private async Task InTurnAsync(List<SignedTransaction> versions, Func<Task> work, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await work();
        }
        catch (RpcException)
        {
            // A version may have been mined meanwhile, so that the node wants no other: the next look at the receipts tells.
            if (await FindReceiptAsync(versions, cancellationToken) is null)
            {
                throw;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task CareAsync(SignedTransaction transaction, CancellationToken cancellationToken)
    {
        await broadcast.SendPlainAsync(transaction, cancellationToken);
        await gap.FillBeforeAsync(transaction, inFlight, cancellationToken);
    }

    private async Task BumpAsync(List<SignedTransaction> versions, TransactionIntent intent, CancellationToken cancellationToken)
    {
        var newest = versions[^1];
        ulong next = await chain.GetTransactionCountAsync(sender, BlockTag.Latest, cancellationToken);
        if (next == newest.Nonce)
        {
            var raised = await replacement.RaiseAsync(newest, cancellationToken);
            Tell(intent.Function, newest.Nonce, newest, raised, newest);
            if (raised is not null)
            {
                inFlight[raised.Nonce] = raised;
                versions.Add(raised);
            }
        }
        else if (next < newest.Nonce && !inFlight.ContainsKey(next))
        {
            // Those in flight are raised by whoever waits for them.
            Tell(intent.Function, next, null, await replacement.ClearAsync(next, newest, cancellationToken), newest);
        }
    }

    private void Tell(string function, ulong nonce, SignedTransaction? stuck, SignedTransaction? by, SignedTransaction newest)
    {
        var paying = (by ?? newest).Content;
        tell(new FeeBump(function, sender, nonce, stuck?.Hash, by?.Hash, paying.MaxFeePerGas, paying.MaxPriorityFeePerGas));
    }
}
