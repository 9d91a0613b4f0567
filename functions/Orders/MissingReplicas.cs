using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Orders;

/// <summary>Which replicas of an order have had no lease yet.</summary>
internal static class MissingReplicas
{
    public static PlacementRequest Of(Market market, Hash32 orderHash, Order order)
    {
        var leases = market.LeasesOfOrder(orderHash);
        var taken = leases.Select(static l => (l.Service, l.Replica)).ToHashSet();
        var all = PlacementRequest.ForNewOrder(orderHash, order.Services, order.Duration);
        return all with
        {
            Slots = [.. all.Slots.Where(slot => !taken.Contains((slot.Service, slot.Replica)))],
            Running = [.. leases.Where(static l => l.State == LeaseState.Open).Select(static l => new RunningReplica(l.Service, l.Replica, l.Coe))],
        };
    }
}
