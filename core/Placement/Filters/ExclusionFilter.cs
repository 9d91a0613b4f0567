namespace Dweb.Core.Placement.Filters;

/// <summary>Leaves out the COEs that the request excludes, as one that just failed the order.</summary>
internal sealed class ExclusionFilter : IPlacementFilter
{
    public string Name => "excluded";

    public string Reason => "excluded from this order";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        !context.Request.Excluded.Contains(candidate.Offer.Coe);
}
