namespace Dweb.Core.Placement.Filters;

/// <summary>Rates must fit the widths that the chain keeps them in.</summary>
internal sealed class RateWidthFilter : IPlacementFilter
{
    public string Name => "rate-width";

    public string Reason => "with a rate beyond what the chain can hold";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        candidate.PriceOf(context.Slot.Service).Terms is not null;
}
