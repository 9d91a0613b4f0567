namespace Dweb.Core.Placement;

/// <summary>Which filters run and how much each score weighs. Part of the protocol: members of a committee must use the same.</summary>
public sealed record PlacementPolicy
{
    public static PlacementPolicy Default { get; } = new();
}
