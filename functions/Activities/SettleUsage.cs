using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Chain.Transactions;
using Dweb.Core.Metering;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Settings;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Activities;

/// <summary>Sends what agents have signed and the chain has not seen, all COEs in one transaction while it fits.</summary>
internal sealed class SettleUsage(
    UsageBook book, Market market, ChainIndexer indexer, ChainContracts contracts, ChainClient chain, SenderPool senders, ControlPlaneSettings settings)
{
    private const int MostEntries = 200;
    private const int WorthOverGas = 200;

    /// <returns>Transactions sent.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        var batches = book.Unsettled();
        if (batches.Count == 0 || !await IsWorthItAsync(batches, cancellationToken))
        {
            return 0;
        }

        int sent = 0;
        foreach (var group in Group(batches))
        {
            var call = contracts.LeaseBook.Settle([.. group.Select(static b => new Chain.Contracts.UsageBatch(
                b.Batch.Coe, b.Batch.AsOf, b.Batch.PackEntries(), b.Signature.ToArray()))], settings.BountyTo);
            var receipt = await senders.SendAsync(call, null, cancellationToken);
            sent++;
            await indexer.CatchUpAsync(cancellationToken);
            await DropPassedOverAsync(group, receipt, cancellationToken);
        }

        return sent;
    }

    private static IEnumerable<List<SignedBatch>> Group(IReadOnlyList<SignedBatch> batches)
    {
        var group = new List<SignedBatch>();
        int entries = 0;
        foreach (var batch in batches)
        {
            if (group.Count > 0 && entries + batch.Batch.Entries.Count > MostEntries)
            {
                yield return group;
                group = [];
                entries = 0;
            }

            group.Add(batch);
            entries += batch.Batch.Entries.Count;
        }

        yield return group;
    }

    private async Task<bool> IsWorthItAsync(IReadOnlyList<SignedBatch> batches, CancellationToken cancellationToken)
    {
        var entries = batches.SelectMany(static b => b.Batch.Entries.Select(e => (Entry: e, b.Batch.AsOf))).ToList();
        var leases = entries.Select(e => (e.Entry, e.AsOf, Lease: market.FindLease(e.Entry.Handle))).Where(static p => p.Lease is not null).ToList();
        if (leases.Any(pair => pair.Lease!.State == LeaseState.Ending || pair.Lease.FundedUntil <= indexer.Head.Timestamp))
        {
            return true;
        }

        var accrued = leases.Aggregate(BigInteger.Zero, static (sum, pair) => sum + UsageMerge.ChargeBetween(
            pair.Lease!.Terms, pair.Lease.Settled, pair.Lease.After(pair.Entry, pair.AsOf).Counters).Total);
        return accrued >= (settings.MinSettleWei ?? (await chain.GetGasPriceAsync(cancellationToken) * GasOf(entries.Count) * WorthOverGas));
    }

    /// <summary>About what was measured: a transaction, and each entry in it.</summary>
    private static BigInteger GasOf(int entries) => 60_000 + (15_000 * (BigInteger)entries);

    /// <summary>What the chain will pass over again is not sent again.</summary>
    private async Task DropPassedOverAsync(List<SignedBatch> group, TransactionReceipt receipt, CancellationToken cancellationToken)
    {
        foreach (var log in receipt.Logs)
        {
            if (LeaseBook.Events.UsageSettled.TryDecode(log, out var settled)
                && settled.Codes.Any(static code => (UsageCode)code is not (UsageCode.Accepted or UsageCode.FromTheFuture))
                && group.Find(b => b.Batch.Coe == settled.Coe && b.Batch.AsOf == settled.AsOf) is { } passedOver)
            {
                await book.DropAsync(passedOver, cancellationToken);
            }
        }
    }
}
