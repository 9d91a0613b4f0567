using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Orders;

/// <summary>Orders and leases as people see them: what is stored, what the chain says, what agents report.</summary>
internal sealed class OrderViews(Market market, LeaseReports reports, SpecStore specs, OrderTimeline timeline)
{
    public async Task<OrderView> DescribeAsync(OrderRow row, CancellationToken cancellationToken)
    {
        var leases = await DescribeLeasesAsync(row.OrderHash, row.Order, cancellationToken);
        return new OrderView(
            row.OrderHash, row.Name, row.Order.User, row.Told, row.ErrorCode, row.ErrorMessage, row.AcceptedAtMs, row.RunningAtMs, row.Order.MaxTotal,
            leases, timeline.Merge(row.OrderHash, row.Timeline));
    }

    public async Task<IReadOnlyList<LeaseView>> DescribeLeasesAsync(Hash32 orderHash, OrderDocument order, CancellationToken cancellationToken)
    {
        var names = await Task.WhenAll(order.Services.Select((service, i) => NameOfAsync(service.SpecHash, i, cancellationToken)));
        return [.. market.LeasesOfOrder(orderHash).Select(lease => Describe(lease, names[lease.Service]))];
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
            market.Coes.TryGetValue(lease.Coe, out var coe) ? coe.Name : lease.Coe.ToString(), lease.State, lease.Reason,
            reported?.Phase ?? LeasePhase.Assigned, reported?.Detail, reported?.Urls ?? [], lease.Origin, lease.FundedUntil, lease.EndedAt);
    }
}
