namespace Dweb.Core.Placement.Filters;

/// <summary>
/// All five resources must be left, also after what this request has already placed. A snapshot in which
/// more is assigned than there is cannot come from the chain; such a COE would make the whole opening revert, so it is left out.
/// </summary>
internal sealed class CapacityFilter : IPlacementFilter
{
    public string Name => "capacity";

    public string Reason => "without the free capacity";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        candidate.Offer.Assigned.FitsIn(candidate.Offer.Capacity) && context.Service.Reserved.FitsIn(candidate.Free);
}
