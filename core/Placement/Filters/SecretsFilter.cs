namespace Dweb.Core.Placement.Filters;

/// <summary>Only COEs for which the user sealed the service's secrets, where it has some. The chain does not check it: elsewhere it could not run.</summary>
internal sealed class SecretsFilter : IPlacementFilter
{
    public string Name => "secrets";

    public string Reason => "without a key to its secrets";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        !context.Request.Confined.TryGetValue(context.Slot.Service, out var coes) || coes.Contains(candidate.Offer.Coe);
}
