using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Placement.Filters;

/// <summary>Only active COEs take new leases.</summary>
internal sealed class StatusFilter : IPlacementFilter
{
    public string Name => "status";

    public string Reason => "not active";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        candidate.Offer.Status == CoeStatus.Active;
}
