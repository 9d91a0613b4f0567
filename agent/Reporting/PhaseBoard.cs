using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Reporting;

/// <summary>What is to be told of every lease: all of it in each heartbeat, what changed at once.</summary>
internal sealed class PhaseBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<Hash32, LeaseReport> reports = new();
    private readonly ConcurrentBag<PhaseNews> readers = [];

    public IReadOnlyList<LeaseReport> All => [.. reports.Values];

    public LeaseReport? Find(Hash32 leaseId) => reports.GetValueOrDefault(leaseId);

    /// <summary>For one that is told of every change from now on.</summary>
    public PhaseNews Read()
    {
        var news = new PhaseNews(this, time);
        readers.Add(news);
        return news;
    }

    public void Set(LeaseReport report)
    {
        if (reports.TryGetValue(report.LeaseId, out var last) && Same(last, report))
        {
            return;
        }

        reports[report.LeaseId] = report;
        foreach (var news in readers)
        {
            news.Add(report.LeaseId);
        }
    }

    public void Remove(Hash32 leaseId)
    {
        reports.TryRemove(leaseId, out _);
        foreach (var news in readers)
        {
            news.Remove(leaseId);
        }
    }

    private static bool Same(LeaseReport a, LeaseReport b) =>
        a.Phase == b.Phase && a.Code == b.Code && a.Detail == b.Detail && a.Urls.SequenceEqual(b.Urls, StringComparer.Ordinal);
}
