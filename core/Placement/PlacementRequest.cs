using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Placement;

/// <summary>Which replicas of an order want a COE.</summary>
/// <param name="Services">All services of the order.</param>
/// <param name="Duration">Seconds over which prices are compared; the order's.</param>
/// <param name="Slots">The replicas to place, at the generation in which they will open.</param>
/// <param name="Running">Replicas of the same order that keep their COE; they count for spreading, not against capacity.</param>
/// <param name="Excluded">COEs not to use for this order, as one that just failed or declined.</param>
public sealed record PlacementRequest(
    Hash32 OrderHash,
    IReadOnlyList<Service> Services,
    uint Duration,
    IReadOnlyList<ReplicaSlot> Slots,
    IReadOnlyList<RunningReplica> Running,
    IReadOnlySet<Hash32> Excluded)
{
    /// <summary>The only COEs on which a service may run, by its index; one that is not named here may run on all. See <see cref="Confinement"/>.</summary>
    public IReadOnlyDictionary<ushort, IReadOnlySet<Hash32>> Confined { get; init; } = Confinement.None;

    /// <summary>The same, where users signed on which COEs services may run.</summary>
    /// <param name="lists">What is known of it.</param>
    public PlacementRequest ConfinedTo(IReadOnlyList<ServiceCoes> lists) => this with { Confined = Confinement.Of(Services, lists) };

    /// <summary>Every replica of an order that has not opened any yet.</summary>
    public static PlacementRequest ForNewOrder(Hash32 orderHash, IReadOnlyList<Service> services, uint duration)
    {
        var slots = services.SelectMany(static (service, s) =>
            Enumerable.Range(0, service.Replicas).Select(r => new ReplicaSlot((ushort)s, (ushort)r, Generation: 0)));
        return new PlacementRequest(orderHash, services, duration, [.. slots], [], new HashSet<Hash32>());
    }
}

/// <param name="Service">Index into the order's services.</param>
public sealed record ReplicaSlot(ushort Service, ushort Replica, ushort Generation);

/// <param name="Service">Index into the order's services.</param>
public sealed record RunningReplica(ushort Service, ushort Replica, Hash32 Coe);
