namespace Dweb.Core.Placement.Scoring;

/// <param name="Weight">At least 0; scores are multiplied by it and added up.</param>
internal sealed record WeightedScore(IPlacementScore Score, int Weight);
