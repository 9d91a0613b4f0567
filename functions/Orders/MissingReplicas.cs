using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Leases;

namespace Dweb.Functions.Orders;

/// <summary>Which replicas of an order want a COE.</summary>
internal static class MissingReplicas
{
    /// <summary>Those that have had no lease yet, and those whose lease is over or lost and that may have another.</summary>
    public static PlacementRequest All(Market market, Hash32 orderHash, Order order, LeaseStandings standings)
    {
        var first = Of(market, orderHash, order);
        if (!market.Orders.TryGetValue(orderHash, out var admitted))
        {
            return first;
        }

        var again = DueReplacements.Of(admitted, market.LeasesOfOrder(orderHash), standings.Lost(orderHash)).Request;
        return again with { Slots = [.. first.Slots, .. again.Slots] };
    }

    /// <summary>Those that have had no lease yet.</summary>
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
