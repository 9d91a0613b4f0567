using System.Text.Json.Nodes;
using Dweb.Functions.Api;

namespace Dweb.Functions.Triggers;

/// <summary>
/// Under a Functions host: a route for each queue and timer function, by name. HTTP routes live under prefixes of their own, so a forwarded
/// request can never reach one of these. Alone nothing is mapped: functions are called in process.
/// </summary>
internal static class HostDispatch
{
    private const int LargestEnvelope = 256 * 1024;

    public static void Map(IEndpointRouteBuilder routes, TriggerFunctions functions)
    {
        foreach (var (file, function) in functions.Queues)
        {
            routes.MapPost("/" + file.Name, async (HttpContext context, CancellationToken cancellationToken) =>
            {
                await function.RunAsync(HostEnvelope.ReadQueueMessage(await ReadAsync(context.Request, cancellationToken)), cancellationToken);
                return Results.Bytes(HostEnvelope.Success, "application/json");
            }).ExcludeFromDescription();
        }

        foreach (var (file, function) in functions.Timers)
        {
            routes.MapPost("/" + file.Name, async (HttpContext context, CancellationToken cancellationToken) =>
            {
                await function.RunAsync(HostEnvelope.ReadTimerTime(await ReadAsync(context.Request, cancellationToken)), cancellationToken);
                return Results.Bytes(HostEnvelope.Success, "application/json");
            }).ExcludeFromDescription();
        }
    }

    private static async Task<JsonNode?> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        JsonNode.Parse((await RequestBody.ReadAsync(request, LargestEnvelope, cancellationToken)).Span);
}
