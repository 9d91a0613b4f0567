namespace Dweb.Core.Placement.Scoring;

/// <summary>The cheapest candidate has the best score, one that is twice as dear has half of it.</summary>
internal sealed class PriceScore : IPlacementScore
{
    public string Name => "price";

    public int Of(ScoreContext context, Candidate candidate)
    {
        var cost = candidate.PriceOf(context.Slot.Slot.Service).Cost;
        return cost.IsZero ? ScoreContext.Best : (int)(context.LowestCost * ScoreContext.Best / cost);
    }
}
