using Dweb.Core.Placement.Filters;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Placement;

/// <summary>A plan's content and why it is so. From the block and the COEs left out, another scheduler member computes the same.</summary>
/// <param name="Block">Of the snapshot.</param>
/// <param name="Entries">In the order of service and replica.</param>
/// <param name="Unplaced">In the order of service and replica.</param>
/// <param name="LeftOutForLiveness">COEs that nothing but silence kept out, in the order of their ids.</param>
public sealed record PlacementResult(
    ulong Block,
    ulong Timestamp,
    IReadOnlyList<PlanEntry> Entries,
    IReadOnlyList<UnplacedReplica> Unplaced,
    IReadOnlyList<Hash32> LeftOutForLiveness)
{
    /// <summary>Why each entry is so, in the order of the entries.</summary>
    public IReadOnlyList<PlacementChoice> Choices { get; init; } = [];

    /// <summary>True when every slot of the request has a COE.</summary>
    public bool IsComplete => Unplaced.Count == 0;

    /// <param name="deadline">Unix seconds; at most the chain's ASK_DELAY ahead.</param>
    public Plan ToPlan(Hash32 orderHash, ulong committeeEpoch, ulong deadline) => new(orderHash, Entries, committeeEpoch, deadline);
}

/// <summary>A replica that no COE can take, and which filter passed over how many of them.</summary>
/// <param name="Considered">COEs in the snapshot; the sum of the removals.</param>
/// <param name="Removed">In the order in which the filters run; a COE counts for the first that refuses it.</param>
public sealed record UnplacedReplica(ReplicaSlot Slot, int Considered, IReadOnlyList<FilterCount> Removed)
{
    /// <summary>True when a COE could take it, were it only heard: asked again later, the answer may be another.</summary>
    public bool WaitsForSilentCoes => Removed.Any(static removed => removed.Filter == LivenessFilter.FilterName);

    /// <summary>One sentence for people.</summary>
    public string Explain() => Considered == 0
        ? "No COE is registered."
        : $"None of {Considered} COEs can take it: {string.Join(", ", Removed.Select(static r => $"{r.Count} {r.Reason}"))}.";
}

/// <summary>Whom a replica went to, and among how many.</summary>
/// <param name="Cheapest">Of those that could take it; not always the chosen one, because regions and load count too.</param>
/// <param name="Considered">COEs in the snapshot.</param>
/// <param name="Able">Those that no filter removed.</param>
/// <param name="Removed">In the order in which the filters run; a COE counts for the first that refuses it.</param>
public sealed record PlacementChoice(ReplicaSlot Slot, Hash32 Coe, Hash32 Cheapest, int Considered, int Able, IReadOnlyList<FilterCount> Removed)
{
    /// <summary>What follows the name of the chosen COE, as in "north, the cheapest of 3 that can take it".</summary>
    public string Explain()
    {
        string among = Able == 1 ? "the only one that can take it" : Coe == Cheapest ? $"the cheapest of {Able} that can take it"
            : $"chosen of {Able} that can take it, not the cheapest, to spread replicas, regions and load";
        return Removed.Count == 0 ? among : $"{among}; of {Considered} COEs {string.Join(", ", Removed.Select(static r => $"{r.Count} {r.Reason}"))}";
    }
}

/// <param name="Filter">Name of the filter; stable.</param>
/// <param name="Reason">What it says of a COE that it removes, as in "2 of another region".</param>
public sealed record FilterCount(string Filter, string Reason, int Count);
