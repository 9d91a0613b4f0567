using Dweb.Core.Resources;

namespace Dweb.Core.Placement.Filters;

/// <summary>Only regions that the user allows.</summary>
internal sealed class RegionFilter : IPlacementFilter
{
    public string Name => "region";

    public string Reason => "of another region";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        Region.Allows(context.Service.RegionMask, candidate.Offer.Region);
}
