using Dweb.Core.Placement.Filters;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Placement;

/// <summary>What filters know beside the candidate.</summary>
internal sealed record SlotContext(MarketSnapshot Snapshot, Liveness Liveness, PlacementRequest Request, ReplicaSlot Slot)
{
    public Service Service { get; } = Request.Services[Slot.Service];

    public bool ReferenceWithinCeiling { get; } = Ceiling.Allows(Request.Services[Slot.Service], Snapshot.ReferencePrices);
}
