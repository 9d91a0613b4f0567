namespace Dweb.Core.Placement.Scoring;

/// <summary>Prefers regions that have few replicas of the order.</summary>
internal sealed class RegionSpreadScore : IPlacementScore
{
    public string Name => "region-spread";

    public int Of(ScoreContext context, Candidate candidate) =>
        ScoreContext.Best / (1 + context.ReplicasByRegion.GetValueOrDefault(candidate.Offer.Region));
}
