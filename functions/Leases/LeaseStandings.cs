using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Leases;

/// <summary>The leases of an order as chain and agents have them at this moment.</summary>
internal sealed class LeaseStandings(Market market, Heartbeats heartbeats, LeaseReports reports, ChainIndexer indexer)
{
    /// <summary>Open leases whose COE is silent, with the time since when.</summary>
    public IReadOnlyDictionary<Hash32, ulong> Lost(Hash32 orderHash) => market.LeasesOfOrder(orderHash)
        .Where(lease => lease.State == LeaseState.Open && heartbeats.IsLost(lease.Coe))
        .ToDictionary(static lease => lease.LeaseId, lease => SilentSince(lease.Coe));

    public IReadOnlyList<OpenedLease> Of(Hash32 orderHash) => [.. market.LeasesOfOrder(orderHash).Select(Of)];

    /// <summary>The same, from the newest block, for an orchestration.</summary>
    public async Task<IReadOnlyList<OpenedLease>> ReadAsync(DeploymentInput input, CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        return Of(input.OrderHash);
    }

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
