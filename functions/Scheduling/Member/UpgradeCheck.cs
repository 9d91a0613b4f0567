using Dweb.Core.Placement;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Leases;

namespace Dweb.Functions.Scheduling.Member;

/// <summary>
/// Recomputes an upgrade: the order's user lets it follow the channel, the channel points to the image, the leases that it replaces run another one, and
/// the successors go where this member would have sent them. Back to the signed image it goes only from one that failed as far as this member has heard.
/// </summary>
internal sealed class UpgradeCheck(
    MemberNode node, MessageTerms terms, OrderCheck orders, PlacementComparison comparison, HearingCheck hearing, DueUpgrades due, Market market,
    MemberReports reports, ChainContracts contracts, ProtocolParameters parameters)
{
    private const uint MostOverlap = 600;

    /// <exception cref="DwebException">Why this member would not have made it.</exception>
    public async Task RunAsync(UpgradeRequest request, CancellationToken cancellationToken)
    {
        var (upgrade, evidence) = request;
        if (upgrade.Entries.Count is 0 or > PlanCheck.MostEntries)
        {
            throw MessageTerms.Refusal($"It has {upgrade.Entries.Count} entries; an upgrade has 1 to {PlanCheck.MostEntries}.", "plan.entries");
        }

        var state = await node.ReachAsync(evidence.Block, cancellationToken);
        terms.Check(upgrade.CommitteeEpoch, upgrade.Deadline, state.Timestamp, "upgrade");
        var order = await orders.FindAsync(upgrade.OrderHash, evidence.Order, cancellationToken);
        if (order.UpgradePolicy != (byte)UpgradePolicy.Channel)
        {
            throw MessageTerms.Refusal("Its user lets no other image take the place of the one that was signed.", UpgradeFields.OrderHash);
        }

        if (upgrade.Overlap > MostOverlap)
        {
            throw MessageTerms.Refusal($"An overlap is at most {MostOverlap} s.", UpgradeFields.Overlap);
        }

        var replaced = upgrade.Entries.Select((entry, i) => Replaced(upgrade, order, entry, i)).ToList();
        foreach (var leases in replaced.GroupBy(static lease => lease.Service))
        {
            await RequireImageAsync(order.Services[leases.Key], upgrade, [.. leases], cancellationToken);
        }

        var wanted = ConfinementCheck.Apply(due.Request(upgrade.OrderHash, order, replaced), evidence);
        var placement = Placer.Place(state.ToSnapshot(parameters.Grace), Liveness.AllBut(evidence.Silent), wanted);
        comparison.Require(upgrade.Entries, placement);
        hearing.RequireAgreement(upgrade.Entries, evidence.Silent);
        hearing.RequireKnowledge(evidence.Silent);
    }

    private LeaseRecord Replaced(Upgrade upgrade, Order order, PlanEntry entry, int index)
    {
        if (entry.Service >= order.Services.Count)
        {
            throw MessageTerms.Refusal($"The order has {order.Services.Count} services, and no service {entry.Service}.", PlanFields.Entry(index, "service"));
        }

        var newest = market.LeasesOfOrder(upgrade.OrderHash).Where(lease => lease.Service == entry.Service && lease.Replica == entry.Replica).MaxBy(static lease => lease.Generation)
            ?? throw MessageTerms.Refusal($"Replica {entry.Replica} of service {entry.Service} has no lease that could be replaced.", PlanFields.Entry(index, "replica"));
        if (newest.State != LeaseState.Open || newest.Generation + 1 != entry.Generation)
        {
            throw MessageTerms.Refusal(
                $"The newest lease of replica {entry.Replica} of service {entry.Service} is of generation {newest.Generation} and {newest.State}.", PlanFields.Entry(index, "generation"));
        }

        return newest.ImageDigest != upgrade.ImageDigest ? newest : throw MessageTerms.Refusal(
            $"Replica {entry.Replica} of service {entry.Service} runs image {upgrade.ImageDigest} already.", UpgradeFields.Image);
    }

    private async Task RequireImageAsync(Service service, Upgrade upgrade, IReadOnlyList<LeaseRecord> replaced, CancellationToken cancellationToken)
    {
        var stable = await contracts.ContainerRegistry.StableOfAsync(service.ImageDigest, cancellationToken: cancellationToken);
        if (upgrade.ImageDigest == service.ImageDigest && stable != service.ImageDigest)
        {
            foreach (var lease in replaced)
            {
                RequireFailed(lease);
            }
        }
        else if (stable.IsZero || stable != upgrade.ImageDigest)
        {
            throw MessageTerms.Refusal(
                $"The channel of image {service.ImageDigest} points to {(stable.IsZero ? "nothing that may run" : stable.ToString())}, not to {upgrade.ImageDigest}.", UpgradeFields.Image);
        }
        else if (due.WentBack(upgrade.OrderHash, replaced[0].Service, stable))
        {
            throw MessageTerms.Refusal($"A replica of service {replaced[0].Service} was put back from image {stable}.", UpgradeFields.Image);
        }
    }

    // One that failed takes the others with it.
    private void RequireFailed(LeaseRecord lease)
    {
        bool failed = due.Ahead(lease.OrderHash, lease.Service, lease.ImageDigest).Any(running => reports.FindPhase(running.LeaseId) != LeasePhase.Running);
        if (!failed && !due.WentBack(lease.OrderHash, lease.Service, lease.ImageDigest))
        {
            throw MessageTerms.Refusal(
                $"Every replica of service {lease.Service} that runs image {lease.ImageDigest} is running, as far as this member has heard.", UpgradeFields.Image);
        }
    }
}
