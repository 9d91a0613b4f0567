using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Placement;

/// <summary>What recomputing a placement came to.</summary>
public enum AuditOutcome
{
    /// <summary>Everybody who reads this block comes to the same placement.</summary>
    Reproduced,

    /// <summary>So does everybody who did not hear some COEs.</summary>
    ExplainedBySilence,

    /// <summary>No silence explains it.</summary>
    Unexplained,
}

/// <param name="Silent">COEs that must not have been heard, in the order of their ids; nobody can prove that from the chain.</param>
/// <param name="Result">The placement recomputed, with these left out.</param>
public sealed record PlacementAuditResult(AuditOutcome Outcome, IReadOnlyList<Hash32> Silent, PlacementResult Result);

/// <summary>Holds a placement that the chain carried out against the one that the scheduler's own rules give.</summary>
public static class PlacementAudit
{
    /// <param name="snapshot">The market that the scheduler had read.</param>
    /// <param name="request">The replicas that were placed together.</param>
    /// <param name="opened">Where each of them went.</param>
    public static PlacementAuditResult Of(MarketSnapshot snapshot, PlacementRequest request, IReadOnlyDictionary<ReplicaSlot, Hash32> opened, PlacementPolicy? policy = null)
    {
        var used = opened.Values.ToHashSet();
        var silent = new SortedSet<Hash32>();
        while (true)
        {
            var result = Placer.Place(snapshot, Liveness.AllBut(silent), request, policy);
            if (IsSame(result, opened))
            {
                return new PlacementAuditResult(silent.Count == 0 ? AuditOutcome.Reproduced : AuditOutcome.ExplainedBySilence, [.. silent], result);
            }

            // Who was preferred to those that were taken was not heard, or this is not the scheduler's doing. Who was taken was heard.
            Hash32[] preferred = [.. result.Entries.Where(entry => SlotOf(entry) is var slot && opened.GetValueOrDefault(slot) != entry.Coe).Select(static entry => entry.Coe).Where(coe => !used.Contains(coe)).Distinct()];
            if (preferred.Length == 0)
            {
                return new PlacementAuditResult(AuditOutcome.Unexplained, [.. silent], result);
            }

            silent.UnionWith(preferred);
        }
    }

    private static bool IsSame(PlacementResult result, IReadOnlyDictionary<ReplicaSlot, Hash32> opened) =>
        result.Entries.Count == opened.Count && result.Entries.All(entry => opened.TryGetValue(SlotOf(entry), out var coe) && coe == entry.Coe);

    private static ReplicaSlot SlotOf(PlanEntry entry) => new(entry.Service, entry.Replica, entry.Generation);
}
