namespace Dweb.Core.Placement.Filters;

/// <summary>Royalty and fee are computed from the reference price at least; it too must be within the user's ceiling.</summary>
internal sealed class ReferenceCeilingFilter : IPlacementFilter
{
    public string Name => "reference-ceiling";

    public string Reason => "barred because the reference price is above your price ceiling";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        context.ReferenceWithinCeiling;
}
