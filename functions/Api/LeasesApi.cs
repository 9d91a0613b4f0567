using Dweb.Chain.Contracts;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Identity;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orders;

namespace Dweb.Functions.Api;

/// <summary>Leases: what runs, what it used, what it wrote.</summary>
internal static class LeasesApi
{
    private const int MostLogLines = 1_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/leases", async (string order, HttpContext context, Callers callers, OrderLookup lookup, OrderViews views, CancellationToken cancellationToken) =>
            {
                var row = await lookup.FindAsync(callers.Require(context.Request), order, cancellationToken);
                return Answer.Json(await views.DescribeLeasesAsync(row.OrderHash, row.Order, cancellationToken), DwebJson.Default.IReadOnlyListLeaseView);
            })
            .Produces<IReadOnlyList<LeaseView>>()
            .WithSummary("The leases of an order.");

        api.MapGet("/leases/{id}/usage", async (
                string id, HttpContext context, Callers callers, Market market, UsageBook usage, Heartbeats heartbeats, ChainContracts contracts, CancellationToken cancellationToken) =>
            {
                var lease = Find(market, id, callers.Require(context.Request));
                var settled = await contracts.LeaseBook.SettledOfAsync(lease.LeaseId, cancellationToken: cancellationToken);
                var reported = usage.Find(LeaseHandle.Of(lease.LeaseId));
                var view = new LeaseUsageView(
                    lease.LeaseId,
                    reported?.Batch.Batch.AsOf ?? 0,
                    reported is null ? lease.Settled : UsageMerge.Apply(lease.Settled, reported.Entry).Counters,
                    ContractResults.Of(settled),
                    reported?.Before, heartbeats.LastHeardMs(lease.Coe));
                return Answer.Json(view, DwebJson.Default.LeaseUsageView);
            })
            .Produces<LeaseUsageView>()
            .WithSummary("What the agent last signed of a lease, and what the chain has settled of it.");

        api.MapGet("/leases/{id}/logs", async (
                string id, int? tail, string? after, HttpContext context, Callers callers, Market market, LogRelay logs, CancellationToken cancellationToken) =>
            {
                var lease = Find(market, id, callers.Require(context.Request));
                var page = await logs.FetchAsync(lease, Math.Clamp(tail ?? 100, 1, MostLogLines), after, cancellationToken);
                return Answer.Json(page, DwebJson.Default.LogPage);
            })
            .Produces<LogPage>()
            .WithSummary("The last lines that a lease's container wrote, from its agent; with after only those that follow the mark of an earlier page.");
    }

    /// <summary>A lease of another wallet is not there for this one.</summary>
    private static LeaseRecord Find(Market market, string text, EvmAddress user) =>
        Hash32.TryParse(text, out var id)
        && market.FindLease(id) is { } lease
        && market.Orders.TryGetValue(lease.OrderHash, out var order)
        && order.Order.User == user
            ? lease
            : throw new DwebException(Catalogue.NotFound, $"There is no lease '{text}' of this wallet.", "id");
}
