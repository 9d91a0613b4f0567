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

    /// <summary>By the chain's word or, before a settlement, by the agent's.</summary>
    public bool HasRun(LeaseRecord lease) => lease.HasStarted || usage.Find(LeaseHandle.Of(lease.LeaseId)) is { PassedOver: false, Entry.Seconds: > 0 };
}
