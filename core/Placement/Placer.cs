namespace Dweb.Core.Placement;

/// <summary>The scheduler: chain state and liveness in, placements out. No clock, no randomness, no I/O.</summary>
public static class Placer
{
    public static PlacementResult Place(MarketSnapshot snapshot, Liveness liveness, PlacementRequest request, PlacementPolicy? policy = null) =>
        throw new NotSupportedException("Placement is not built yet.");
}
