using Dweb.Core.Protocol;

namespace Dweb.Functions.Orchestrations;

/// <param name="Epoch">When the timer was due, Unix seconds.</param>
internal sealed record SettlementInput(long Epoch);

/// <summary>The transactions of an epoch.</summary>
internal sealed record SettlementPlan(IReadOnlyList<SettlementPart> Parts);

/// <summary>A transaction, or what is left of one that was refused.</summary>
/// <param name="Suspected">Its COE was refused before, so that it is alone.</param>
internal sealed record SettlementPart(long Epoch, IReadOnlyList<UsageRef> Groups, bool Suspected);

/// <summary>Batches of a COE, by their keys: the usage book has them.</summary>
internal sealed record UsageRef(Hash32 Coe, IReadOnlyList<string> Batches);

/// <param name="Sent">Transactions: 0 when the chain had settled all of it before.</param>
/// <param name="Refusal">The chain's reason to take none of it; null when it is settled.</param>
internal sealed record PartResult(int Sent, string? Refusal);

/// <summary>A COE whose usage is refused also alone.</summary>
internal sealed record QuarantinedUsage(long Epoch, Hash32 Coe, string Reason);

/// <param name="Settled">Transactions sent.</param>
/// <param name="Quarantined">COEs that are kept apart now.</param>
/// <param name="Unsent">Why transactions were not sent or not confirmed; what was in them waits for the next epoch.</param>
/// <param name="Renewed">Leases funded further.</param>
/// <param name="Closed">Leases ended or closed.</param>
/// <param name="Parked">Leases whose storage alone is kept.</param>
internal sealed record SettlementOutcome(
    int Settled, IReadOnlyList<QuarantinedUsage> Quarantined, IReadOnlyList<string> Unsent, int Renewed, int Closed, int Parked);
