using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;

namespace Dweb.Functions.Indexing;

/// <summary>
/// Reads one entity from the chain again and puts what is found in the place of what the index has of it, in memory and in its row: what events told is read
/// from the events, as it was the first time. Twice is once.
/// </summary>
internal sealed class Rereading(
    ChainClient chain, ChainContracts contracts, ChainIndexer indexer, Market market, MarketHistory history, IIndexStore store, MarketSignals signals)
{
    public Task CoeAsync(Hash32 coe, CancellationToken cancellationToken) => indexer.AtCursorAsync(
        async cursor =>
        {
            var at = BlockTag.Number(cursor.Block);
            var read = await contracts.CoeRegistry.CoeOfAsync(coe, at, cancellationToken);
            var record = ContractMessages.ToRecord(coe, read, await contracts.CoeRegistry.OfferOfAsync(coe, contracts.LeaseBook.Address, at, cancellationToken));
            await CheckAsync(cursor, cancellationToken);
            if (record.Status == Core.Protocol.Messages.CoeStatus.None)
            {
                market.Coes.Remove(coe);
            }
            else
            {
                market.Coes[coe] = record;
            }

            history.Renew();
            await store.SaveAsync(market, [new MarketKey(MarketKind.Coe, coe)], cancellationToken);
            signals.Coe(coe).Raise();
            return true;
        },
        cancellationToken);

    /// <summary>An order with all its leases.</summary>
    public async Task OrderAsync(Hash32 orderHash, CancellationToken cancellationToken)
    {
        // Most of it without holding up whoever reads new blocks.
        var before = await indexer.AtCursorAsync(Task.FromResult, cancellationToken);
        var logs = new OrderLogs(chain, contracts, orderHash, market.Orders.TryGetValue(orderHash, out var known) ? known.AdmittedBlock : contracts.Addresses.Block);
        await logs.ReadToAsync(before.Block, cancellationToken);
        if (!logs.Admitted && known is not null)
        {
            // The block that was known may be what is wrong.
            logs = new OrderLogs(chain, contracts, orderHash, contracts.Addresses.Block);
            await logs.ReadToAsync(before.Block, cancellationToken);
        }

        await indexer.AtCursorAsync(
            async cursor =>
            {
                await logs.ReadToAsync(cursor.Block, cancellationToken);
                var found = await ReadAsync(logs.InOrder, cursor.Block, cancellationToken);
                await CheckAsync(before, cancellationToken);
                await CheckAsync(cursor, cancellationToken);
                await PutAsync(orderHash, found, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    /// <summary>The order of a lease that the index does not have.</summary>
    /// <returns>False when no event has opened such a lease.</returns>
    public async Task<bool> OrderOfLeaseAsync(Hash32 leaseId, CancellationToken cancellationToken)
    {
        ulong last = indexer.Indexed;
        for (ulong first = contracts.Addresses.Block; first <= last; first += ChainIndexer.LargestRange)
        {
            var filter = new LogFilter
            {
                From = BlockTag.Number(first),
                To = BlockTag.Number(Math.Min(last, first + ChainIndexer.LargestRange - 1)),
                Addresses = [contracts.LeaseBook.Address],
                Topics = [[LeaseBook.Events.LeaseOpened.Topic], [leaseId]],
            };
            if (await chain.GetLogsAsync(filter, cancellationToken) is [var log, ..] && LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened))
            {
                await OrderAsync(opened.OrderHash, cancellationToken);
                return true;
            }
        }

        return false;
    }

    private async Task<Market> ReadAsync(IReadOnlyList<ChainLog> logs, ulong block, CancellationToken cancellationToken)
    {
        var found = new Market();
        var projection = new Projection(contracts, found);
        projection.Apply(logs, new Changes(), block);
        foreach (var lease in found.Leases.ToList())
        {
            var held = await contracts.LeaseBook.LeaseOfAsync(lease.LeaseId, BlockTag.Number(block), cancellationToken);
            projection.Put(lease.LeaseId, held.Limit, ContractResults.Of(held.Settled));
        }

        return found;
    }

    private async Task PutAsync(Hash32 orderHash, Market found, CancellationToken cancellationToken)
    {
        var changed = market.Replace(orderHash, found.Orders.GetValueOrDefault(orderHash), [.. found.Leases]);
        await store.SaveAsync(
            market, [new MarketKey(MarketKind.Order, orderHash), .. changed.Select(lease => new MarketKey(MarketKind.Lease, lease.LeaseId, orderHash))], cancellationToken);
        foreach (var coe in changed.Select(static lease => lease.Coe).Distinct())
        {
            signals.Coe(coe).Raise();
        }

        signals.Order(orderHash).Raise();
    }

    private async Task CheckAsync(IndexCursor cursor, CancellationToken cancellationToken)
    {
        if ((await chain.GetBlockAsync(BlockTag.Number(cursor.Block), cancellationToken))?.Hash != cursor.BlockHash)
        {
            throw new InvalidOperationException($"Block {cursor.Block} was replaced while the index was mended; it is tried again.");
        }
    }
}
