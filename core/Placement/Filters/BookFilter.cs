namespace Dweb.Core.Placement.Filters;

/// <summary>Only COEs whose hosts take leases of this lease book.</summary>
internal sealed class BookFilter : IPlacementFilter
{
    public string Name => "lease-book";

    public string Reason => "not taking leases of this lease book";

    public bool Accepts(SlotContext context, Candidate candidate) =>
        candidate.Offer.AcceptsBook;
}
