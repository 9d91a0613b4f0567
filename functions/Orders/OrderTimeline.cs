using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Orders;

/// <summary>The steps of orders that are on their way, in memory until the next change of their row takes them along.</summary>
internal sealed class OrderTimeline(TimeProvider time)
{
    // An agent that reports to and fro all day fills neither memory nor the row.
    private const int MostReports = 64;
    private readonly ConcurrentDictionary<Hash32, Unsaved> unsaved = new();

    public void Add(Hash32 orderHash, string step, string? detail = null) => Of(orderHash).Steps.Enqueue(Entry(step, detail));

    /// <summary>What an agent, or another that may say so all day, said; only the newest of these are kept.</summary>
    public void AddReport(Hash32 orderHash, string detail, string step = "reported")
    {
        var reports = Of(orderHash).Reports;
        reports.Enqueue(Entry(step, detail));
        if (reports.Count > MostReports)
        {
            reports.TryDequeue(out _);
        }
    }

    /// <summary>What is stored and what is not yet, in the order of time.</summary>
    public IReadOnlyList<TimelineEntry> Merge(Hash32 orderHash, IReadOnlyList<TimelineEntry> stored) => unsaved.TryGetValue(orderHash, out var newer)
        ? [.. stored.Union(newer.Steps).Union(newer.Reports).OrderBy(static e => e.AtMs)]
        : stored;

    public void Forget(Hash32 orderHash) => unsaved.TryRemove(orderHash, out _);

    private Unsaved Of(Hash32 orderHash) => unsaved.GetOrAdd(orderHash, static _ => new());

    private TimelineEntry Entry(string step, string? detail) => new(time.GetUtcNow().ToUnixTimeMilliseconds(), step, detail);

    private sealed class Unsaved
    {
        public ConcurrentQueue<TimelineEntry> Steps { get; } = new();

        public ConcurrentQueue<TimelineEntry> Reports { get; } = new();
    }
}
