using Dweb.Core.Protocol.Http;
using Dweb.Functions.Orders;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Triggers.OrderSweep;

/// <summary>
/// Finishes hand-offs that a crash cut short: orders that were stored and never taken on go to the queue again, and orders that only the chain
/// remembers get their row back.
/// </summary>
internal sealed class OrderSweepFunction(OrderStore orders, Stores.OrderQueue queue, OrderRecovery recovery, TimeProvider time) : ITimerFunction
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "OrderSweep";

    public async Task RunAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        long before = (time.GetUtcNow() - Patience).ToUnixTimeMilliseconds();
        await foreach (var row in orders.ListAsync(OrderStatus.Accepted, cancellationToken))
        {
            if (row.AcceptedAtMs <= before)
            {
                await queue.EnqueueAsync(row.OrderHash, cancellationToken);
            }
        }

        await recovery.RunAsync(cancellationToken);
    }
}
