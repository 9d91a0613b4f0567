using Dweb.Core.Manifest;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Leases;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Orders;

/// <summary>Orders and leases as people see them: what is stored, what the chain says, what agents report.</summary>
internal sealed class OrderViews(Market market, MarketView marketView, Heartbeats heartbeats, LeaseReports reports, LeaseStandings standings, SpecStore specs, ConfinedServices confined, OrderTimeline timeline)
{
    public async Task<OrderView> DescribeAsync(OrderRow row, CancellationToken cancellationToken)
    {
        var leases = await DescribeLeasesAsync(row.OrderHash, row.Order, cancellationToken);
        return new OrderView(
            row.OrderHash, row.Name, row.Order.User, row.Told, row.ErrorCode, row.ErrorMessage, row.AcceptedAtMs, row.RunningAtMs, row.Order.MaxTotal,
            leases, timeline.Merge(row.OrderHash, row.Timeline))
        {
            Rollouts = [.. row.Rollouts.Select(static r => new RolloutView(r.Service, r.Image, r.Status, r.Message))],
        };
    }

    public async Task<IReadOnlyList<LeaseView>> DescribeLeasesAsync(Hash32 orderHash, OrderDocument order, CancellationToken cancellationToken)
    {
        var names = await Task.WhenAll(order.Services.Select((service, i) => NameOfAsync(service.SpecHash, i, cancellationToken)));
        return [.. market.LeasesOfOrder(orderHash).Select(lease => Describe(lease, names[lease.Service]))];
    }

    /// <summary>Where the replicas that have no lease, or none that can run, could go now; of an order that is over, none is missing but where it was never opened.</summary>
    public async Task<PlacementView> DescribePlacementAsync(OrderRow row, CancellationToken cancellationToken)
    {
        var order = row.Order.ToMessage();
        var request = MissingReplicas.All(market, row.OrderHash, order, standings).ConfinedTo((await confined.ListAsync(order.Services, cancellationToken)).Lists);
        var snapshot = marketView.Snapshot();
        var placed = Placer.Place(snapshot, marketView.Heard(), request);
        var names = await Task.WhenAll(row.Order.Services.Select((service, i) => NameOfAsync(service.SpecHash, i, cancellationToken)));
        var offers = snapshot.Coes.ToDictionary(static offer => offer.Coe, static offer => offer.Name);
        var able = placed.Choices.Select(choice => new WaitingReplica(
            names[choice.Slot.Service], choice.Slot.Service, choice.Slot.Replica, choice.Considered, choice.Able, offers[choice.Coe], choice.Removed));
        var unable = placed.Unplaced.Select(replica => new WaitingReplica(
            names[replica.Slot.Service], replica.Slot.Service, replica.Slot.Replica, replica.Considered, 0, null, replica.Removed));
        return new PlacementView(
            row.OrderHash, snapshot.Block, heartbeats.HasHeardAll, [.. able.Concat(unable).OrderBy(static r => r.Service).ThenBy(static r => r.Replica)]);
    }

    private async Task<string> NameOfAsync(Hash32 specHash, int index, CancellationToken cancellationToken) =>
        await specs.FindAsync(specHash, cancellationToken) is { } spec
            ? ContainerSpec.FromCanonicalJson(System.Text.Encoding.UTF8.GetBytes(spec)).Service
            : $"service-{index}";

    private LeaseView Describe(LeaseRecord lease, string serviceName)
    {
        var reported = reports.Find(lease.LeaseId);
        return new LeaseView(
            lease.LeaseId, lease.OrderHash, serviceName, lease.Service, lease.Replica, lease.Generation, lease.Coe,
            market.NameOfCoe(lease.Coe), lease.State, lease.Reason,
            reported?.Phase ?? LeasePhase.Assigned, reported?.Detail, reported?.Urls ?? [], lease.Origin, lease.FundedUntil, lease.EndedAt, lease.DisputedUntil)
        {
            Image = lease.ImageDigest,
        };
    }
}
