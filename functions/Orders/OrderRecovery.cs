using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Orders;

/// <summary>Gives orders that the chain admitted and this storage does not know their row again. Their orchestration finds on chain what is left to do.</summary>
internal sealed class OrderRecovery(Market market, OrderStore orders, OrderQueue queue, TimeProvider time)
{
    private readonly ConcurrentDictionary<Hash32, byte> seen = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var admitted in market.Orders.Values.Where(order => !seen.ContainsKey(order.OrderHash)))
        {
            await RunAsync(admitted, cancellationToken);
            seen[admitted.OrderHash] = 0;
        }
    }

    /// <summary>The same of one order, also of one whose row was there before.</summary>
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
}
