using System.Collections.Concurrent;
using System.Numerics;
using Dweb.Chain.Abi;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Transactions;

/// <summary>
/// Sends the transactions of one key. The nonce is counted here and read from the chain again after anything unexpected. A
/// key must have one sender: two would take each other's nonces.
/// </summary>
public sealed class TransactionSender : IDisposable
{
    private const int SubmitAttempts = 4;

    private readonly ChainClient chain;
    private readonly ISigner signer;
    private readonly FeeSource fees;
    private readonly Broadcast broadcast;
    private readonly Confirmation confirmation;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ConcurrentDictionary<ulong, SignedTransaction> inFlight = new();
    private ulong? nextNonce;

    public TransactionSender(ChainClient chain, ISigner signer, SenderOptions? options = null, TimeProvider? time = null)
    {
        this.chain = chain;
        this.signer = signer;
        options ??= new SenderOptions();
        time ??= TimeProvider.System;
        fees = new FeeSource(chain, options, time);
        broadcast = new Broadcast(chain, options);
        confirmation = new Confirmation(
            chain, signer.Address, options, time, broadcast, new NonceGap(chain, signer, options, broadcast, fees), new Replacement(chain, signer, fees, broadcast), turn, inFlight,
            bump => Bumped?.Invoke(this, new FeeBumpEventArgs(bump)));
    }

    /// <summary>A stuck transaction was replaced, or could not be.</summary>
    public event EventHandler<FeeBumpEventArgs>? Bumped;

    public EvmAddress Address => signer.Address;

    /// <summary>Sends a call and waits until it is in a block.</summary>
    /// <param name="gasLimit">Gas units; when null the node estimates and 20 % are added.</param>
    /// <returns>The receipt of a transaction that succeeded.</returns>
    /// <exception cref="TransactionRevertedException">The contract refused, at the estimate or in the block.</exception>
    /// <exception cref="TransactionNotConfirmedException">Sent, or perhaps sent, and no receipt was seen.</exception>
    /// <exception cref="RpcException">The node refused the transaction: not enough coin for gas, for one.</exception>
    /// <exception cref="RpcUnavailableException">The node cannot be reached; nothing was sent.</exception>
    public Task<TransactionReceipt> SendAsync(ContractCall call, ulong? gasLimit, CancellationToken cancellationToken) =>
        SendAsync(new TransactionIntent(call.To, call.Data, call.Value, call.Function), gasLimit, cancellationToken);

    /// <summary>Creates a contract; its address is in the receipt.</summary>
    /// <param name="creationData">Creation code and encoded constructor arguments, see <see cref="ContractDeployment"/>.</param>
    /// <param name="name">The contract's name, for errors.</param>
    /// <inheritdoc cref="SendAsync(ContractCall, ulong?, CancellationToken)"/>
    public Task<TransactionReceipt> DeployAsync(byte[] creationData, string name, ulong? gasLimit, CancellationToken cancellationToken) =>
        SendAsync(new TransactionIntent(null, creationData, BigInteger.Zero, name), gasLimit, cancellationToken);

    public void Dispose() => turn.Dispose();

    private async Task<TransactionReceipt> SendAsync(TransactionIntent intent, ulong? gasLimit, CancellationToken cancellationToken)
    {
        ulong gas = gasLimit ?? await EstimateAsync(intent, cancellationToken);
        var (transaction, receipt) = await SubmitInTurnAsync(intent, gas, cancellationToken);
        try
        {
            receipt ??= await confirmation.WaitAsync(transaction, intent, cancellationToken);
        }
        catch (TransactionNotConfirmedException)
        {
            await ForgetNonceAsync(cancellationToken);
            throw;
        }
        finally
        {
            inFlight.TryRemove(transaction.Nonce, out _);
        }

        return receipt.Succeeded ? receipt : throw new TransactionRevertedException(
            intent.Function, await ExplainAsync(intent, receipt, cancellationToken), receipt);
    }

    private async Task<ulong> EstimateAsync(TransactionIntent intent, CancellationToken cancellationToken)
    {
        try
        {
            ulong estimate = await chain.EstimateGasAsync(intent, Address, cancellationToken);
            return estimate + (estimate / 5);
        }
        catch (CallRevertedException refused)
        {
            throw new TransactionRevertedException(intent.Function, refused.Error, receipt: null);
        }
    }

    private async Task<(SignedTransaction Transaction, TransactionReceipt? Receipt)> SubmitInTurnAsync(
        TransactionIntent intent, ulong gas, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                var transaction = await SignAsync(intent, gas, cancellationToken);
                try
                {
                    return (transaction, await SubmitAsync(transaction, intent, cancellationToken));
                }
                catch (RpcException refused) when (attempt < SubmitAttempts && IsStale(refused))
                {
                    // The node does not hold this one, so signing again with fresh nonce and fees cannot run it twice.
                    fees.Forget();
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<SignedTransaction> SignAsync(TransactionIntent intent, ulong gas, CancellationToken cancellationToken)
    {
        ulong nonce = nextNonce ?? await chain.GetTransactionCountAsync(Address, BlockTag.Pending, cancellationToken);
        return await SignedIntent.CreateAsync(chain, signer, fees, intent, nonce, gas, cancellationToken);
    }

    private async Task<TransactionReceipt?> SubmitAsync(SignedTransaction transaction, TransactionIntent intent, CancellationToken cancellationToken)
    {
        // Until the node has answered, whether this nonce is used is not known; any way out but the last asks the chain.
        nextNonce = null;
        inFlight[transaction.Nonce] = transaction;
        bool held = false;
        try
        {
            var receipt = await broadcast.SendAsync(transaction, cancellationToken);
            held = true;
            nextNonce = transaction.Nonce + 1;
            return receipt;
        }
        catch (RpcUnavailableException lost)
        {
            throw new TransactionNotConfirmedException(intent.Function, transaction.Hash, "the node stopped answering while it was sent", lost);
        }
        finally
        {
            if (!held)
            {
                inFlight.TryRemove(transaction.Nonce, out _);
            }
        }
    }

    /// <summary>From now on the nonce is what the chain says: one that was given up on may be mined, or not.</summary>
    private async Task ForgetNonceAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        nextNonce = null;
        turn.Release();
    }

    /// <summary>Runs the call again where it failed to learn the reason: first on the state before the block, then after it.</summary>
    private async Task<ContractError> ExplainAsync(TransactionIntent intent, TransactionReceipt receipt, CancellationToken cancellationToken)
    {
        foreach (ulong block in new[] { receipt.BlockNumber - 1, receipt.BlockNumber })
        {
            try
            {
                await chain.SimulateAsync(intent, Address, BlockTag.Number(block), cancellationToken);
            }
            catch (CallRevertedException refused)
            {
                return refused.Error;
            }
            catch (RpcException)
            {
                // A node may have dropped that state; the refusal stands, its reason stays unknown.
                break;
            }
        }

        return new UnknownRevert([]);
    }

    private static bool IsStale(RpcException refused) => refused.NodeMessage is var message
        && (message.Contains("nonce", StringComparison.OrdinalIgnoreCase)
            || message.Contains("underpriced", StringComparison.OrdinalIgnoreCase)
            || message.Contains("base fee", StringComparison.OrdinalIgnoreCase)
            || message.Contains("already", StringComparison.OrdinalIgnoreCase));
}
