using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Orders;

/// <summary>The steps of orders that are on their way, in memory until the next change of their row takes them along.</summary>
internal sealed class OrderTimeline(TimeProvider time)
{
    private const int MostUnsaved = 64;
    private readonly ConcurrentDictionary<Hash32, ConcurrentQueue<TimelineEntry>> steps = new();

    public void Add(Hash32 orderHash, string step, string? detail = null)
    {
        var newest = steps.GetOrAdd(orderHash, static _ => new());
        newest.Enqueue(new TimelineEntry(time.GetUtcNow().ToUnixTimeMilliseconds(), step, detail));
        while (newest.Count > MostUnsaved && newest.TryDequeue(out _))
        {
            // An agent that reports to and fro all day fills neither memory nor the row.
        }
    }

    /// <summary>What is stored and what is not yet, in the order of time.</summary>
    public IReadOnlyList<TimelineEntry> Merge(Hash32 orderHash, IReadOnlyList<TimelineEntry> stored) =>
        steps.TryGetValue(orderHash, out var newer) ? [.. stored.Union(newer).OrderBy(static e => e.AtMs)] : stored;

    public void Forget(Hash32 orderHash) => steps.TryRemove(orderHash, out _);
}
