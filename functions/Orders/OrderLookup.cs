using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Orders;

/// <summary>Finds a wallet's own orders by hash, name or prefix, and waits for what becomes of them.</summary>
internal sealed class OrderLookup(OrderStore orders, MarketSignals signals, TimeProvider time)
{
    private const int ShortestPrefix = 4;
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyList<OrderRow>> ListAsync(EvmAddress user, CancellationToken cancellationToken) =>
        [.. (await orders.ListByUserAsync(user, cancellationToken).ToListAsync(cancellationToken)).OrderBy(static row => row.AcceptedAtMs)];

    /// <exception cref="DwebException">None of this wallet's orders fits, or several do.</exception>
    public async Task<OrderRow> FindAsync(EvmAddress user, string text, CancellationToken cancellationToken)
    {
        if (Hash32.TryParse(text, out var hash))
        {
            // Another wallet's order is not there for this one.
            return await orders.FindAsync(hash, cancellationToken) is { } row && row.Order.User == user ? row : throw Missing(text);
        }

        var own = await ListAsync(user, cancellationToken);

        // Of several orders by one name the newest that is not over is meant; names may be used again.
        var named = own.Where(row => row.Name == text).ToList();
        if (named.Count > 0)
        {
            return named.LastOrDefault(static row => !row.IsTerminal) ?? named[^1];
        }

        string prefix = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text : "0x" + text;
        var fitting = prefix.Length < 2 + ShortestPrefix
            ? []
            : own.Where(row => row.OrderHash.ToString().StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
        return fitting.Count switch
        {
            1 => fitting[0],
            0 => throw Missing(text),
            _ => throw new DwebException(Catalogue.Ambiguous, $"'{text}' fits {fitting.Count} orders."),
        };
    }

    /// <summary>Returns once the order has come to <paramref name="status"/> or cannot any more, or the time is over.</summary>
    public async Task<OrderRow> WaitAsync(OrderRow row, OrderStatus status, TimeSpan longest, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            var changed = signals.Order(row.OrderHash).Next;
            row = await orders.FindAsync(row.OrderHash, cancellationToken) ?? row;
            var left = longest - time.GetElapsedTime(start);
            if (IsOver(row.Told, status) || left <= TimeSpan.Zero || signals.IsStopping)
            {
                return row;
            }

            try
            {
                // Another process may have written the row, so it is read again now and then.
                await changed.WaitAsync(left < Recheck ? left : Recheck, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Look again.
            }
        }
    }

    private static bool IsOver(OrderStatus now, OrderStatus wanted) =>
        now == wanted
        || now is OrderStatus.Rejected or OrderStatus.Closed
        || (now == OrderStatus.Failed && wanted != OrderStatus.Closed)
        || (now < OrderStatus.Rejected && now > wanted && now != OrderStatus.Degraded);

    private static DwebException Missing(string text) => new(Catalogue.NotFound, $"There is no order '{text}' of this wallet.");
}
