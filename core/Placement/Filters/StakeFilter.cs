using System.Numerics;

namespace Dweb.Core.Placement.Filters;

/// <summary>Free stake must cover the lease's bond, and be as much as the user demands.</summary>
internal sealed class StakeFilter : IPlacementFilter
{
    public string Name => "stake";

    public string Reason => "with too little free stake";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        candidate.PriceOf(context.Slot.Service).Terms is { } terms
        && candidate.FreeStake >= BigInteger.Max(terms.Bond, context.Service.MinStake);
}
