using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Leases;

/// <summary>Live leases with their orders, as the index has them.</summary>
internal sealed class DueLeases(Market market, UsageBook usage)
{
    public IEnumerable<(AdmittedOrder Order, DueRules Rules)> Live() =>
        from lease in market.Leases
        where lease.IsLive && market.Orders.ContainsKey(lease.OrderHash)
        let order = market.Orders[lease.OrderHash]
        let replica = market.LeasesOfOrder(lease.OrderHash).Where(other => other.Service == lease.Service && other.Replica == lease.Replica)
        select (order, DueRules.Of(lease, order, replica));

    /// <summary>
    /// By the chain's word or, before a settlement, by what it will say to the agent's: seconds that no block vouches for start nothing there, and keep nobody
    /// from being called a no-show.
    /// </summary>
    public bool HasRun(LeaseRecord lease) => lease.HasStarted
        || (usage.Find(LeaseHandle.Of(lease.LeaseId)) is { PassedOver: false } reported && lease.After(reported.Entry, reported.Batch.Batch.AsOf).Counters.Seconds > 0);
}
