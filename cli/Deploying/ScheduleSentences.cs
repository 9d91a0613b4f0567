using Dweb.Cli.Onchain;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Deploying;

/// <summary>Why a lease went where it did, in sentences.</summary>
internal static class ScheduleSentences
{
    public static IReadOnlyList<string> Of(OnchainLease lease, CarriedOutPlan plan, MarketSnapshot snapshot, PlacementAuditResult audit) =>
        [Where(lease, plan, snapshot), .. Why(lease, audit), .. Skipped(plan), Verdict(lease, snapshot, audit)];

    public static string NameOf(MarketSnapshot snapshot, Hash32 coe) => snapshot.Coes.FirstOrDefault(offer => offer.Coe == coe)?.Name ?? coe.ToString();

    private static string Where(OnchainLease lease, CarriedOutPlan plan, MarketSnapshot snapshot) =>
        $"Replica {lease.Key.Service}-{lease.Key.Replica}, generation {lease.Key.Generation}, went to {NameOf(snapshot, lease.Key.Coe)} in block {plan.Block}, "
        + $"{(plan.Opened.Count == 1 ? "alone" : $"with {plan.Opened.Count - 1} more of its order")}, by transaction {plan.Transaction}.";

    private static IEnumerable<string> Why(OnchainLease lease, PlacementAuditResult audit) => audit.Result.Choices
        .Where(choice => choice.Slot == SlotOf(lease) && choice.Coe == lease.Key.Coe)
        .Select(static choice => $"It is {choice.Explain()}.");

    private static IEnumerable<string> Skipped(CarriedOutPlan plan)
    {
        if (plan.Skipped > 0)
        {
            yield return $"The chain passed over {plan.Skipped} further entries of the plan; they are not part of this.";
        }
    }

    private static string Verdict(OnchainLease lease, MarketSnapshot snapshot, PlacementAuditResult audit) => audit.Outcome switch
    {
        AuditOutcome.Reproduced => $"Recomputed from the chain at block {snapshot.Block}: the same, with every COE heard.",
        AuditOutcome.ExplainedBySilence => $"Recomputed from the chain at block {snapshot.Block}: the same, if {string.Join(", ", audit.Silent.Select(coe => NameOf(snapshot, coe)))} "
            + $"{(audit.Silent.Count == 1 ? "was" : "were")} not heard then. The chain does not say who was heard.",
        _ => $"Recomputed from the chain at block {snapshot.Block}: {Otherwise(lease, snapshot, audit)}, and no silence of COEs explains the difference.",
    };

    private static string Otherwise(OnchainLease lease, MarketSnapshot snapshot, PlacementAuditResult audit) =>
        audit.Result.Choices.FirstOrDefault(choice => choice.Slot == SlotOf(lease)) is { } choice ? $"it would go to {NameOf(snapshot, choice.Coe)}, {choice.Explain()}" : "no COE could take it";

    private static ReplicaSlot SlotOf(OnchainLease lease) => new(lease.Key.Service, lease.Key.Replica, lease.Key.Generation);
}
