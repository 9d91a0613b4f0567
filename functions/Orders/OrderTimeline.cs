using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Orders;

/// <summary>The steps of orders that are on their way, in memory until the next change of their row takes them along.</summary>
internal sealed class OrderTimeline(TimeProvider time)
{
    private readonly ConcurrentDictionary<Hash32, ConcurrentQueue<TimelineEntry>> steps = new();

    public void Add(Hash32 orderHash, string step, string? detail = null) =>
        steps.GetOrAdd(orderHash, static _ => new()).Enqueue(new TimelineEntry(time.GetUtcNow().ToUnixTimeMilliseconds(), step, detail));

    /// <summary>What is stored and what is not yet, in the order of time.</summary>
    public IReadOnlyList<TimelineEntry> Merge(Hash32 orderHash, IReadOnlyList<TimelineEntry> stored) =>
        steps.TryGetValue(orderHash, out var newer) ? [.. stored.Union(newer).OrderBy(static e => e.AtMs)] : stored;

    public void Forget(Hash32 orderHash) => steps.TryRemove(orderHash, out _);
}
