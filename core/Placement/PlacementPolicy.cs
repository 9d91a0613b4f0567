using Dweb.Core.Placement.Filters;
using Dweb.Core.Placement.Scoring;

namespace Dweb.Core.Placement;

/// <summary>How much each score weighs, and which filters run. Members of a committee must use the same, or their plans differ.</summary>
public sealed record PlacementPolicy
{
    public static PlacementPolicy Default { get; } = new();

    public int PriceWeight { get; init; } = 5;

    public int RegionSpreadWeight { get; init; } = 3;

    public int LoadWeight { get; init; } = 2;

    // What the chain refuses first, in its order; liveness last, see LivenessFilter.
    internal static IReadOnlyList<IPlacementFilter> Filters { get; } =
    [
        new StatusFilter(), new BookFilter(), new HostImageFilter(), new ExclusionFilter(), new SecretsFilter(), new RegionFilter(), new RateWidthFilter(), new RateCeilingFilter(),
        new ReferenceCeilingFilter(), new CapacityFilter(), new StakeFilter(), new LivenessFilter(),
    ];

    internal IReadOnlyList<WeightedScore> Scores =>
        [new(new PriceScore(), PriceWeight), new(new RegionSpreadScore(), RegionSpreadWeight), new(new LoadScore(), LoadWeight)];
}
