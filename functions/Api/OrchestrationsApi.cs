using System.Text.Json;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Durable;
using Dweb.Functions.Identity;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Api;

/// <summary>Orchestrations, for operators of this control plane.</summary>
internal static class OrchestrationsApi
{
    private const int LargestBody = 64 * 1024;
    private const int LongestId = 100;
    private const int LargestPage = 1_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/orchestrations").AddEndpointFilter(static async (call, next) =>
        {
            _ = call.HttpContext.RequestServices.GetRequiredService<Operators>().Require(call.HttpContext.Request);
            try
            {
                return await next(call);
            }
            catch (OrchestrationNotFoundException unknown)
            {
                throw new DwebException(Catalogue.NotFound, unknown.Message, "id", unknown);
            }
            catch (Exception refused) when (refused is OrchestrationConflictException or OrchestrationEndedException)
            {
                throw new DwebException(Catalogue.OrchestrationState, refused.Message, "id", refused);
            }
        });
        MapReads(group);
        MapChanges(group);
        MapPurges(group);
    }

    private static void MapReads(IEndpointRouteBuilder group)
    {
        group.MapGet("", async (HttpContext context, int? pageSize, string? continuation, IOrchestrationClient client, CancellationToken cancellationToken) =>
            {
                int size = pageSize ?? 100;
                if (size is < 1 or > LargestPage)
                {
                    throw new DwebException(Catalogue.InvalidValue, $"pageSize is {size}; it must be 1 to {LargestPage}.", "pageSize");
                }

                var page = await client.ListPageAsync(OrchestrationFilter.Read(context.Request.Query), size, continuation, cancellationToken);
                return Answer.Json(new OrchestrationPageView([.. page.Items.Select(OrchestrationViews.Of)], page.Continuation), DwebJson.Default.OrchestrationPageView);
            })
            .Produces<OrchestrationPageView>()
            .WithSummary("Orchestrations by name, status (comma-separated), prefix, createdFromMs, createdBeforeMs and updatedBeforeMs, a page at a time.");

        group.MapGet("/{id}", async (string id, IOrchestrationClient client, CancellationToken cancellationToken) =>
                Answer.Json(OrchestrationViews.Of(await client.GetAsync(id, cancellationToken) ?? throw new OrchestrationNotFoundException(id)), DwebJson.Default.OrchestrationView))
            .Produces<OrchestrationView>()
            .WithSummary("One orchestration.");

        group.MapGet("/{id}/history", async (string id, IOrchestrationClient client, TimeProvider time, CancellationToken cancellationToken) =>
            {
                var timeline = await client.GetTimelineAsync(id, cancellationToken) ?? throw new OrchestrationNotFoundException(id);
                return Answer.Json(OrchestrationViews.Of(timeline, time.GetUtcNow()), DwebJson.Default.OrchestrationTimelineView);
            })
            .Produces<OrchestrationTimelineView>()
            .WithSummary("What an orchestration did in its present generation, when, and what it waits for.");
    }

    private static void MapChanges(IEndpointRouteBuilder group)
    {
        MapChange(group, "terminate", static (client, id, reason, ct) => client.TerminateAsync(id, reason, ct), "Ends an orchestration and its open sub-orchestrations.");
        MapChange(group, "suspend", static (client, id, reason, ct) => client.SuspendAsync(id, reason, ct), "Stops an orchestration's progress; what arrives is kept.");
        MapChange(group, "resume", static (client, id, reason, ct) => client.ResumeAsync(id, reason, ct), "Lets a suspended orchestration go on.");
        MapChange(group, "rewind", static (client, id, reason, ct) => client.RewindAsync(id, reason, ct), "Takes a failed orchestration back to before its failure.");

        group.MapPost("/{id}/events/{name}", async (string id, string name, HttpContext context, IOrchestrationClient client, CancellationToken cancellationToken) =>
            {
                var body = await RequestBody.ReadAsync(context.Request, DwebJson.Default.OrchestrationEvent, LargestBody, cancellationToken);
                if (body.EventId.Length is < 1 or > LongestId)
                {
                    throw new DwebException(Catalogue.InvalidValue, $"eventId has {body.EventId.Length} characters; it must have 1 to {LongestId}.", "eventId");
                }

                await client.RaiseEventAsync(id, new EventDefinition<JsonElement>(name, OrchestrationJson.Default.JsonElement), body.Payload, body.EventId, cancellationToken);
                return Accepted(id, "raise");
            })
            .Accepts<OrchestrationEvent>("application/json")
            .Produces<OrchestrationChange>(StatusCodes.Status202Accepted)
            .WithSummary("Raises an event; the same eventId again has no effect.");
    }

    private static void MapPurges(IEndpointRouteBuilder group)
    {
        group.MapDelete("/{id}", async (string id, IOrchestrationClient client, CancellationToken cancellationToken) =>
            {
                bool isThere = await client.GetAsync(id, cancellationToken) is not null;
                await client.PurgeAsync(id, cancellationToken);
                return Answer.Json(new PurgeView(isThere ? 1 : 0), DwebJson.Default.PurgeView);
            })
            .Produces<PurgeView>()
            .WithSummary("Forgets an orchestration that has ended; its id may be used again.");

        group.MapDelete("", async (HttpContext context, IOrchestrationClient client, CancellationToken cancellationToken) =>
            {
                var filter = OrchestrationFilter.Read(context.Request.Query);
                return filter == new OrchestrationQuery()
                    ? throw new DwebException(Catalogue.InvalidValue, "A purge of everything needs a filter that says so, as status=Completed,Failed,Terminated.", "status")
                    : Answer.Json(new PurgeView(await client.PurgeAsync(filter, cancellationToken)), DwebJson.Default.PurgeView);
            })
            .Produces<PurgeView>()
            .WithSummary("Forgets every orchestration that has ended and matches the filters of the list; at least one filter is needed.");
    }

    private static void MapChange(
        IEndpointRouteBuilder group, string verb, Func<IOrchestrationClient, string, string?, CancellationToken, Task> change, string summary) =>
        group.MapPost("/{id}/" + verb, async (string id, HttpContext context, IOrchestrationClient client, CancellationToken cancellationToken) =>
            {
                var body = await RequestBody.ReadAsync(context.Request, DwebJson.Default.OrchestrationReason, LargestBody, cancellationToken);
                await change(client, id, body.Reason, cancellationToken);
                return Accepted(id, verb);
            })
            .Accepts<OrchestrationReason>("application/json")
            .Produces<OrchestrationChange>(StatusCodes.Status202Accepted)
            .WithSummary(summary);

    private static IResult Accepted(string id, string change) =>
        Answer.Json(new OrchestrationChange(id, change), DwebJson.Default.OrchestrationChange, StatusCodes.Status202Accepted);
}
