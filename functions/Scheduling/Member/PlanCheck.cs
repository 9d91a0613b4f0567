using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Leases;
using Dweb.Functions.Orders;

namespace Dweb.Functions.Scheduling.Member;

/// <summary>
/// Recomputes a plan from the member's own node and ears. Nothing of the plan is believed: which replicas want a COE, where each goes and at what rate
/// has to come out the same. The one thing that two members may see differently is who is heard, and that is held against the member's own ears.
/// </summary>
internal sealed class PlanCheck(
    MemberNode node, MessageTerms terms, OrderCheck orders, PlacementComparison comparison, HearingCheck hearing, Market market, MarketHistory history, ProtocolParameters parameters)
{
    /// <summary>Replicas of one plan; more than a transaction can open.</summary>
    public const int MostEntries = 1_024;

    /// <exception cref="DwebException">Why this member would not have made the plan.</exception>
    public async Task RunAsync(PlanRequest request, CancellationToken cancellationToken)
    {
        var (plan, evidence) = request;
        if (plan.Entries.Count is 0 or > MostEntries)
        {
            throw MessageTerms.Refusal($"It has {plan.Entries.Count} entries; a plan has 1 to {MostEntries}.", "plan.entries");
        }

        var state = await node.ReachAsync(evidence.Block, cancellationToken);
        terms.Check(plan.CommitteeEpoch, plan.Deadline, state.Timestamp, "plan");
        var order = await orders.FindAsync(plan.OrderHash, evidence.Order, cancellationToken);
        var wanted = ConfinementCheck.Apply(Wanted(plan, evidence, order), evidence);
        var placement = Placer.Place(state.ToSnapshot(parameters.Grace), Liveness.AllBut(evidence.Silent), wanted);
        comparison.Require(plan.Entries, placement);
        hearing.RequireAgreement(plan.Entries, evidence.Silent);
        hearing.RequireKnowledge(evidence.Silent);
        await Task.WhenAll(evidence.Lost.Select((lost, i) => RequireLostAsync(plan.OrderHash, lost.LeaseId, i, cancellationToken)));
    }

    /// <summary>The replicas of the plan, as this member finds them wanting a COE.</summary>
    private PlacementRequest Wanted(Plan plan, PlacementEvidence evidence, Order order)
    {
        bool isFirst = plan.Entries[0].Generation == 0;
        if (isFirst && order.SubmitBy < history.Newest.Timestamp)
        {
            throw new DwebException(Catalogue.OrderExpired, $"The order was to be submitted by {order.SubmitBy}; the chain's time is {history.Newest.Timestamp}.", "plan.orderHash");
        }

        var due = isFirst ? MissingReplicas.Of(market, plan.OrderHash, order) : Again(plan.OrderHash, evidence.Lost);
        for (int i = 0; i < plan.Entries.Count; i++)
        {
            CheckSlot(plan.Entries[i], i, order, due);
        }

        return due with { Slots = [.. plan.Entries.Select(SlotOf).Distinct()] };
    }

    private PlacementRequest Again(Hash32 orderHash, IReadOnlyList<SilentLease> lost)
    {
        var deadSince = lost.GroupBy(static lease => lease.LeaseId).ToDictionary(static lease => lease.Key, static lease => lease.First().DeadSince);
        return market.Orders.TryGetValue(orderHash, out var admitted)
            ? DueReplacements.Of(admitted, market.LeasesOfOrder(orderHash), deadSince).Request
            : throw MessageTerms.Refusal($"The chain has admitted no order {orderHash}: its leases begin with generation 0.", PlanFields.Entry(0, "generation"));
    }

    private static void CheckSlot(PlanEntry entry, int index, Order order, PlacementRequest due)
    {
        if (entry.Service >= order.Services.Count)
        {
            throw MessageTerms.Refusal($"The order has {order.Services.Count} services, and no service {entry.Service}.", PlanFields.Entry(index, "service"));
        }

        if (entry.Replica >= order.Services[entry.Service].Replicas)
        {
            throw MessageTerms.Refusal(
                $"Service {entry.Service} has {order.Services[entry.Service].Replicas} replicas, and no replica {entry.Replica}.", PlanFields.Entry(index, "replica"));
        }

        if (!due.Slots.Contains(SlotOf(entry)))
        {
            string what = due.Slots.FirstOrDefault(slot => slot.Service == entry.Service && slot.Replica == entry.Replica) is { } slot
                ? $"wants a lease of generation {slot.Generation}, not {entry.Generation}" : "wants no lease";
            throw MessageTerms.Refusal($"Replica {entry.Replica} of service {entry.Service} {what}.", PlanFields.Entry(index, "generation"));
        }
    }

    private async Task RequireLostAsync(Hash32 orderHash, Hash32 leaseId, int index, CancellationToken cancellationToken)
    {
        if (market.FindLease(leaseId) is { State: LeaseState.Open } lease && lease.OrderHash == orderHash)
        {
            await hearing.RequireLostAsync(lease.Coe, $"evidence.lost[{index}]", cancellationToken);
        }
    }

    private static ReplicaSlot SlotOf(PlanEntry entry) => new(entry.Service, entry.Replica, entry.Generation);
}
