namespace Dweb.Core.Placement.Filters;

/// <summary>A reason why a COE cannot take a replica. The chain checks most of them again when the lease opens.</summary>
internal interface IPlacementFilter
{
    /// <summary>Stable, lower case with dashes.</summary>
    string Name { get; }

    /// <summary>What is said of a number of COEs that it removes, as in "2 of another region".</summary>
    string Reason { get; }

    bool Accepts(SlotContext context, Candidate candidate);
}
