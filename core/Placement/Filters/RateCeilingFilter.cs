namespace Dweb.Core.Placement.Filters;

/// <summary>What the host asks must be within the user's ceiling.</summary>
internal sealed class RateCeilingFilter : IPlacementFilter
{
    public string Name => "rate-ceiling";

    public string Reason => "above your price ceiling";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        candidate.PriceOf(context.Slot.Service).WithinCeiling;
}
