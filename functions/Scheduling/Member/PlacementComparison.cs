using Dweb.Core.Placement;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Scheduling.Member;

/// <summary>Holds entries that were asked for against those that the member has computed.</summary>
internal sealed class PlacementComparison(Market market)
{
    /// <exception cref="DwebException">The first that differs; the field names it.</exception>
    public void Require(IReadOnlyList<PlanEntry> entries, PlacementResult placement)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (placement.Unplaced.FirstOrDefault(replica => replica.Slot == SlotOf(entry)) is { } unplaced)
            {
                throw MessageTerms.Refusal($"Replica {entry.Replica} of service {entry.Service}: {unplaced.Explain()}", PlanFields.Coe(i));
            }

            var own = placement.Entries.First(other => SlotOf(other) == SlotOf(entry));
            if (own.Coe != entry.Coe)
            {
                var choice = placement.Choices.First(choice => choice.Slot == SlotOf(entry));
                throw MessageTerms.Refusal(
                    $"Replica {entry.Replica} of service {entry.Service} would go to {market.NameOfCoe(own.Coe)}, {choice.Explain()}, not to {market.NameOfCoe(entry.Coe)}.", PlanFields.Coe(i));
            }

            if (own.MaxHostRate != entry.MaxHostRate)
            {
                throw MessageTerms.Refusal(
                    $"{market.NameOfCoe(own.Coe)} asks {own.MaxHostRate} gwei a second for replica {entry.Replica} of service {entry.Service}, not {entry.MaxHostRate}.",
                    PlanFields.Entry(i, "maxHostRate"));
            }
        }

        if (!entries.SequenceEqual(placement.Entries))
        {
            throw MessageTerms.Refusal("Its entries are not each replica once, in the order of service and replica.", "plan.entries");
        }
    }

    private static ReplicaSlot SlotOf(PlanEntry entry) => new(entry.Service, entry.Replica, entry.Generation);
}
