using System.Numerics;
using Dweb.Chain.Rpc;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Transactions;

/// <summary>What is to happen, before nonce, gas and fees; null <paramref name="To"/> creates a contract.</summary>
internal sealed record TransactionIntent(EvmAddress? To, byte[] Data, BigInteger Value, string Function);

internal static class SignedIntent
{
    public static async Task<SignedTransaction> CreateAsync(
        ChainClient chain, ISigner signer, FeeSource fees, TransactionIntent intent, ulong nonce, ulong gas, CancellationToken cancellationToken) =>
        await CreateAsync(chain, signer, await fees.GetAsync(cancellationToken), intent, nonce, gas, cancellationToken);

    public static async Task<SignedTransaction> CreateAsync(
        ChainClient chain, ISigner signer, Fees fee, TransactionIntent intent, ulong nonce, ulong gas, CancellationToken cancellationToken) => new Transaction1559
        {
            ChainId = await chain.GetChainIdAsync(cancellationToken),
            Nonce = nonce,
            MaxPriorityFeePerGas = fee.MaxPriorityFeePerGas,
            MaxFeePerGas = fee.MaxFeePerGas,
            GasLimit = gas,
            To = intent.To,
            Value = intent.Value,
            Data = intent.Data,
        }.Sign(signer);
}
