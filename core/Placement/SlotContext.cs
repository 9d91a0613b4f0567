using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Placement;

/// <summary>What filters know beside the candidate.</summary>
internal sealed record SlotContext(MarketSnapshot Snapshot, Liveness Liveness, PlacementRequest Request, ReplicaSlot Slot)
{
    public Service Service => Request.Services[Slot.Service];
}
