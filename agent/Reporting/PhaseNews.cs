using System.Collections.Concurrent;
using Dweb.Agent.Leases;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Reporting;

/// <summary>Which leases' phases have changed since one reader of the board was told of them.</summary>
internal sealed class PhaseNews(PhaseBoard board, TimeProvider time)
{
    private readonly ConcurrentDictionary<Hash32, bool> changed = new();

    public WakeSignal Changed { get; } = new(time);

    /// <returns>The newest report of each lease that changed since the last call.</returns>
    public IReadOnlyList<LeaseReport> TakeChanged()
    {
        var taken = new List<LeaseReport>();
        foreach (var leaseId in changed.Keys)
        {
            if (changed.TryRemove(leaseId, out _) && board.Find(leaseId) is { } report)
            {
                taken.Add(report);
            }
        }

        return taken;
    }

    /// <summary>After a delivery that failed: newer reports of the same leases stay.</summary>
    public void PutBack(IEnumerable<LeaseReport> undelivered)
    {
        foreach (var report in undelivered.Where(report => board.Find(report.LeaseId) is not null))
        {
            changed[report.LeaseId] = true;
        }
    }

    internal void Add(Hash32 leaseId)
    {
        changed[leaseId] = true;
        Changed.Set();
    }

    internal void Remove(Hash32 leaseId) => changed.TryRemove(leaseId, out _);
}
