namespace Dweb.Core.Placement.Filters;

/// <summary>All five resources must be left, also after what this request has already placed.</summary>
internal sealed class CapacityFilter : IPlacementFilter
{
    public string Name => "capacity";

    public string Reason => "without the free capacity";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        context.Service.Reserved.FitsIn(candidate.Free);
}
