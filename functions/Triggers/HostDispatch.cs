using System.Text.Json.Nodes;
using Dweb.Durable.Extension;
using Dweb.Functions.Api;
using Dweb.Functions.Hosting;

namespace Dweb.Functions.Triggers;

/// <summary>
/// Under a Functions host: a route for each function that it calls by name. HTTP routes live under prefixes of their own, so a forwarded request can
/// never reach one of these. Alone nothing is mapped: functions are called in process.
/// </summary>
internal static class HostDispatch
{
    // A turn carries its instance's history.
    private const int LargestEnvelope = 8 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes, TriggerFunctions functions)
    {
        foreach (var (file, function) in functions.Queues)
        {
            Map(routes, file, async (envelope, cancellationToken) =>
            {
                await function.RunAsync(envelope.Text(file.Binding), cancellationToken);
                return HostEnvelope.Success;
            });
        }

        foreach (var (file, function) in functions.Timers)
        {
            Map(routes, file, async (envelope, cancellationToken) =>
            {
                await function.RunAsync(envelope.WrittenAt(), cancellationToken);
                return HostEnvelope.Success;
            });
        }

        var worker = routes.ServiceProvider.GetRequiredService<ExtensionWorker>();
        foreach (var file in functions.Orchestrations)
        {
            Map(routes, file, async (envelope, cancellationToken) => HostEnvelope.AnswerText(await worker.RunTurnAsync(envelope.Text(file.Binding), cancellationToken)));
        }

        foreach (var file in functions.Activities)
        {
            Map(routes, file, async (envelope, cancellationToken) =>
                HostEnvelope.Answer(await worker.RunActivityAsync(file.Name, envelope.InstanceId(), envelope.Find(file.Binding), cancellationToken)));
        }
    }

    private static void Map(IEndpointRouteBuilder routes, FunctionFile file, Func<HostEnvelope, CancellationToken, Task<byte[]>> run)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<ExtensionEndpoint>();
        var readiness = routes.ServiceProvider.GetRequiredService<Readiness>();
        var logger = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HostDispatch));
        routes.MapPost("/" + file.Name, async (HttpContext context, CancellationToken cancellationToken) =>
        {
            using var scope = Invocation.Begin(logger, file.Name, context.Request.Headers[Invocation.HeaderName].ToString());
            var body = await RequestBody.ReadAsync(context.Request, LargestEnvelope, cancellationToken);
            var envelope = new HostEnvelope(JsonNode.Parse(body.Span));
            if (file.ClientBinding is { } binding && envelope.Find(binding) is { } client)
            {
                endpoint.Learn(client);
            }

            await readiness.WhenReadyAsync(cancellationToken);
            return Results.Bytes(await run(envelope, cancellationToken), "application/json");
        }).ExcludeFromDescription();
    }
}
