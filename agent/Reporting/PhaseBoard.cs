using System.Collections.Concurrent;
using Dweb.Agent.Leases;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Reporting;

/// <summary>What is to be told of every lease: all of it in each heartbeat, what changed at once.</summary>
internal sealed class PhaseBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<Hash32, LeaseReport> reports = new();
    private readonly ConcurrentDictionary<Hash32, bool> changed = new();

    public WakeSignal Changed { get; } = new(time);

    public IReadOnlyList<LeaseReport> All => [.. reports.Values];

    public void Set(LeaseReport report)
    {
        if (reports.TryGetValue(report.LeaseId, out var last) && Same(last, report))
        {
            return;
        }

        reports[report.LeaseId] = report;
        changed[report.LeaseId] = true;
        Changed.Set();
    }

    public void Remove(Hash32 leaseId)
    {
        reports.TryRemove(leaseId, out _);
        changed.TryRemove(leaseId, out _);
    }

    /// <returns>The newest report of each lease that changed since the last call.</returns>
    public IReadOnlyList<LeaseReport> TakeChanged()
    {
        var taken = new List<LeaseReport>();
        foreach (var leaseId in changed.Keys)
        {
            if (changed.TryRemove(leaseId, out _) && reports.TryGetValue(leaseId, out var report))
            {
                taken.Add(report);
            }
        }

        return taken;
    }

    /// <summary>After a delivery that failed: newer reports of the same leases stay.</summary>
    public void PutBack(IEnumerable<LeaseReport> undelivered)
    {
        foreach (var report in undelivered.Where(report => reports.ContainsKey(report.LeaseId)))
        {
            changed[report.LeaseId] = true;
        }
    }

    private static bool Same(LeaseReport a, LeaseReport b) =>
        a.Phase == b.Phase && a.Code == b.Code && a.Detail == b.Detail && a.Urls.SequenceEqual(b.Urls, StringComparer.Ordinal);
}
