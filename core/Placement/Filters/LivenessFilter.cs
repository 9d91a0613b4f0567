namespace Dweb.Core.Placement.Filters;

/// <summary>Only COEs whose agents are heard. Runs last, so that whom it removes was kept out by silence alone.</summary>
internal sealed class LivenessFilter : IPlacementFilter
{
    public const string FilterName = "liveness";

    public string Name => FilterName;

    public string Reason => "not heard from";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        context.Liveness.IsLive(candidate.Offer.Coe);
}
