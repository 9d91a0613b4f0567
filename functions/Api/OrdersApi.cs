using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Tracing;
using Dweb.Functions.Identity;
using Dweb.Functions.Orders;
using Dweb.Functions.Tracing;

namespace Dweb.Functions.Api;

/// <summary>Orders: sent by anyone who has a signed one, read by their wallet.</summary>
internal static class OrdersApi
{
    private const int LargestOrder = 1024 * 1024;
    private const int LongestWaitMs = 25_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        MapPlacement(api);
        api.MapPost("/orders", async (HttpContext context, OrderIntake intake, OrderViews views, CancellationToken cancellationToken) =>
            {
                using var span = Spans.Begin(
                    "request", default, Spans.Of(context.Request), DateTimeOffset.FromUnixTimeMilliseconds(ProblemMiddleware.ArrivalOf(context)));
                var request = await RequestBody.ReadAsync(context.Request, DwebJson.Default.SubmitOrderRequest, LargestOrder, cancellationToken);
                var row = await intake.SubmitAsync(request, ProblemMiddleware.ArrivalOf(context), cancellationToken);
                span?.SetTag(SpanTags.Order, row.OrderHash.ToString());
                context.Response.Headers.Location = $"/api/orders/{row.OrderHash}";
                return Answer.Json(await views.DescribeAsync(row, cancellationToken), DwebJson.Default.OrderView, StatusCodes.Status202Accepted);
            })
            .Accepts<SubmitOrderRequest>("application/json")
            .Produces<OrderView>(StatusCodes.Status202Accepted)
            .WithSummary("Sends a signed order with the specs that its hashes name. The same order sent again is one order.");

        api.MapGet("/orders", async (HttpContext context, Callers callers, OrderLookup lookup, OrderViews views, CancellationToken cancellationToken) =>
            {
                var rows = await lookup.ListAsync(callers.Require(context.Request), cancellationToken);
                IReadOnlyList<OrderView> list = await Task.WhenAll(rows.Select(row => views.DescribeAsync(row, cancellationToken)));
                return Answer.Json(list, DwebJson.Default.IReadOnlyListOrderView);
            })
            .Produces<IReadOnlyList<OrderView>>()
            .WithSummary("The orders of the wallet that is logged in.");

        api.MapGet("/orders/{order}", async (
                string order, string? waitFor, int? timeoutMs, HttpContext context, Callers callers, OrderLookup lookup, OrderViews views, CancellationToken cancellationToken) =>
            {
                var row = await lookup.FindAsync(callers.Require(context.Request), order, cancellationToken);
                if (waitFor is not null)
                {
                    var wait = TimeSpan.FromMilliseconds(Math.Clamp(timeoutMs ?? LongestWaitMs, 0, LongestWaitMs));
                    row = await lookup.WaitAsync(row, ReadStatus(waitFor), wait, cancellationToken);
                }

                return Answer.Json(await views.DescribeAsync(row, cancellationToken), DwebJson.Default.OrderView);
            })
            .Produces<OrderView>()
            .WithSummary("An order by hash, name or unique prefix; with waitFor=Running or Closed once it has come there, or timeoutMs is over.");
    }

    private static void MapPlacement(IEndpointRouteBuilder api) => api
        .MapGet("/orders/{order}/placement", async (
            string order, HttpContext context, Callers callers, OrderLookup lookup, OrderViews views, CancellationToken cancellationToken) =>
        {
            var row = await lookup.FindAsync(callers.Require(context.Request), order, cancellationToken);
            return Answer.Json(await views.DescribePlacementAsync(row, cancellationToken), DwebJson.Default.PlacementView);
        })
        .Produces<PlacementView>()
        .WithSummary("Where the replicas of an order that have no lease could go now, and which filter passes over how many COEs.");

    private static OrderStatus ReadStatus(string text) => text switch
    {
        nameof(OrderStatus.Running) => OrderStatus.Running,
        nameof(OrderStatus.Closed) => OrderStatus.Closed,
        _ => throw new DwebException(Catalogue.InvalidValue, $"waitFor is '{text}'; it must be Running or Closed.", "waitFor"),
    };
}
