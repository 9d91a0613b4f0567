using System.Collections.Concurrent;
using System.Diagnostics;
using Dweb.Core.Protocol;

namespace Dweb.Functions.Tracing;

/// <summary>
/// To which trace the steps of an order belong that no request carries: those after the queue. In memory until the order runs; after a restart they are told
/// by the order's hash alone.
/// </summary>
internal sealed class OrderTraces
{
    // Orders that never come to run are no reason to fill memory.
    private const int Most = 10_000;
    private readonly ConcurrentDictionary<Hash32, Known> orders = new();

    /// <param name="request">The span of the request that brought the order; null while nobody listens.</param>
    public void Remember(Hash32 orderHash, Activity? request)
    {
        if (request is not null && orders.Count < Most)
        {
            orders[orderHash] = new Known(request.Context, default);
        }
    }

    /// <summary>The order's orchestration was asked for.</summary>
    public void NoteStart(Hash32 orderHash, DateTimeOffset now)
    {
        if (orders.TryGetValue(orderHash, out var known) && known.StartedAt == default)
        {
            orders[orderHash] = known with { StartedAt = now };
        }
    }

    /// <summary>Ends the span from the start of the orchestration to here, once an order.</summary>
    public void EndFirstTurn(Hash32 orderHash)
    {
        if (orders.TryGetValue(orderHash, out var known) && known.StartedAt != default && orders.TryUpdate(orderHash, known with { StartedAt = default }, known))
        {
            Spans.Begin("first turn", orderHash, known.Context, known.StartedAt)?.Dispose();
        }
    }

    /// <returns>Null while nobody listens.</returns>
    public Activity? Begin(string name, Hash32 orderHash) => Spans.Begin(name, orderHash, orders.GetValueOrDefault(orderHash)?.Context ?? default);

    public void Forget(Hash32 orderHash) => orders.TryRemove(orderHash, out _);

    private sealed record Known(ActivityContext Context, DateTimeOffset StartedAt);
}
