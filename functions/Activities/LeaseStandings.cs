using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Activities;

/// <summary>The leases of an order as chain and agents have them at this moment.</summary>
internal sealed class LeaseStandings(Market market, Heartbeats heartbeats, LeaseReports reports, ChainIndexer indexer)
{
    public IReadOnlyList<OpenedLease> Of(Hash32 orderHash) => [.. market.LeasesOfOrder(orderHash).Select(Of)];

    /// <summary>Unix time of the chain since which a COE has been silent.</summary>
    public ulong SilentSince(Hash32 coe) => indexer.Head.Timestamp - Math.Min(indexer.Head.Timestamp, (ulong)heartbeats.SilentFor(coe).TotalSeconds);

    private OpenedLease Of(LeaseRecord lease)
    {
        bool isLost = heartbeats.IsLost(lease.Coe);
        return new OpenedLease(
            lease.LeaseId, lease.Service, lease.Replica, lease.Generation, lease.State, lease.Reason,
            !isLost && reports.Find(lease.LeaseId) is { Phase: LeasePhase.Running or LeasePhase.Unhealthy }, isLost ? SilentSince(lease.Coe) : 0);
    }
}
