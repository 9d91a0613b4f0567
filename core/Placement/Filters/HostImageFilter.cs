namespace Dweb.Core.Placement.Filters;

/// <summary>A COE that claims a revoked host image takes no lease.</summary>
internal sealed class HostImageFilter : IPlacementFilter
{
    public string Name => "host-image";

    public string Reason => "on a revoked host image";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        !candidate.Offer.OsRevoked;
}
