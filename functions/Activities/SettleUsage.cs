using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Chain.Transactions;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Settings;
using Dweb.Functions.Settling;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Activities;

/// <summary>
/// Sends one settlement transaction and waits until it is in a block. Nothing has to be remembered of what was sent: what the chain has settled is
/// left out, and what is still on its way when the process dies is sent a second time and then pays nothing, because counters are cumulative.
/// </summary>
internal sealed class SettleUsage(
    UsageBook book, Quarantine quarantine, ChainIndexer indexer, ChainContracts contracts, SenderPool senders, ControlPlaneSettings settings)
{
    public async Task<PartResult> RunAsync(SettlementPart part, CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        var batches = UnsettledOf(part);
        int sent = 0;
        if (batches.Count > 0)
        {
            try
            {
                var receipt = await senders.SendAsync(CallOf(batches), gasLimit: null, cancellationToken);
                sent = 1;
                await indexer.CatchUpAsync(cancellationToken);
                await DropPassedOverAsync(batches, receipt, cancellationToken);
            }
            catch (Exception refused) when (SettlementRefusal.ReasonOf(refused) is not null)
            {
                // Another control plane may have been first: what it settled is refused no more.
                await indexer.CatchUpAsync(cancellationToken);
                if (UnsettledOf(part).Count > 0)
                {
                    return new PartResult(0, SettlementRefusal.ReasonOf(refused));
                }
            }
        }

        foreach (var coe in part.Suspected ? part.Groups.Select(static group => group.Coe) : [])
        {
            await quarantine.ReleaseAsync(coe, cancellationToken);
        }

        return new PartResult(sent, null);
    }

    private List<SignedBatch> UnsettledOf(SettlementPart part) =>
        [.. part.Groups.SelectMany(group => group.Batches.Select(key => book.FindUnsettled(group.Coe, key))).OfType<SignedBatch>()];

    private ContractCall CallOf(List<SignedBatch> batches) => contracts.LeaseBook.Settle(
        [.. batches.Select(static b => new Chain.Contracts.UsageBatch(b.Batch.Coe, b.Batch.AsOf, b.Batch.PackEntries(), b.Signature.ToArray()))], settings.BountyTo);

    /// <summary>What the chain will pass over again is not sent again.</summary>
    private async Task DropPassedOverAsync(List<SignedBatch> sent, TransactionReceipt receipt, CancellationToken cancellationToken)
    {
        foreach (var log in receipt.Logs)
        {
            if (LeaseBook.Events.UsageSettled.TryDecode(log, out var settled)
                && settled.Codes.Any(static code => (UsageCode)code is not (UsageCode.Accepted or UsageCode.FromTheFuture))
                && sent.Find(b => b.Batch.Coe == settled.Coe && b.Batch.AsOf == settled.AsOf) is { } passedOver)
            {
                await book.DropAsync(passedOver, cancellationToken);
            }
        }
    }
}
