using System.Collections.Concurrent;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Orders;

/// <summary>
/// Gives orders that the chain admitted and this storage does not know a row: those of a control plane that was wiped, and, as soon as the chain tells of
/// them, those that were sent to another control plane. Their orchestration finds on chain what is left to do.
/// </summary>
internal sealed class OrderRecovery(Market market, OrderStore orders, OrderQueue queue, TimeProvider time) : IChainWatcher
{
    private readonly ConcurrentDictionary<Hash32, byte> seen = new();
    private volatile bool hasBegun;

    /// <summary>Looks at all that the chain has.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var admitted in market.Orders.Values.Where(order => !seen.ContainsKey(order.OrderHash)))
        {
            await TakeAsync(admitted, cancellationToken);
        }

        hasBegun = true;
    }

    /// <summary>Looks for the row of one order, whatever memory holds of it.</summary>
    public async Task RunAsync(AdmittedOrder admitted, CancellationToken cancellationToken)
    {
        if (await orders.FindAsync(admitted.OrderHash, cancellationToken) is null)
        {
            long now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var row = new OrderRow(
                admitted.OrderHash, admitted.Order, default, null, OrderStatus.Accepted, null, null, now, null, [new TimelineEntry(now, "recovered from the chain", null)]);
            await orders.TryInsertAsync(row, cancellationToken);
            await queue.EnqueueAsync(admitted.OrderHash, cancellationToken);
        }
    }

    /// <summary>Looks at one order.</summary>
    /// <returns>Null for one that the chain, as it was read, has not admitted.</returns>
    public async Task<OrderRow?> FindAsync(Hash32 orderHash, CancellationToken cancellationToken)
    {
        if (market.Orders.TryGetValue(orderHash, out var admitted))
        {
            await TakeAsync(admitted, cancellationToken);
        }

        return await orders.FindAsync(orderHash, cancellationToken);
    }

    public async Task OnLogsAsync(IReadOnlyList<ChainLog> logs, CancellationToken cancellationToken)
    {
        // What is read at the start is old: nothing is made of it before all of it is known.
        foreach (var log in hasBegun ? logs : [])
        {
            if (LeaseBook.Events.OrderAdmitted.TryDecode(log, out var order) && market.Orders.TryGetValue(order.OrderHash, out var admitted))
            {
                await TakeAsync(admitted, cancellationToken);
            }
        }
    }

    public Task OnWentBackAsync(ulong block, Hash32 head, IReadOnlyList<Hash32> orders, CancellationToken cancellationToken)
    {
        foreach (var order in orders)
        {
            seen.TryRemove(order, out _);
        }

        return Task.CompletedTask;
    }

    private async Task TakeAsync(AdmittedOrder admitted, CancellationToken cancellationToken)
    {
        if (!orders.IsOnItsWay(admitted.OrderHash))
        {
            await RunAsync(admitted, cancellationToken);
        }

        seen[admitted.OrderHash] = 0;
    }
}
