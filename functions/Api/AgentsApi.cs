using Dweb.Core.Protocol.Http;
using Dweb.Functions.Coes;
using Dweb.Functions.Identity;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Api;

/// <summary>What agents ask and tell. Every request is signed by the key that the chain names for its COE.</summary>
internal static class AgentsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/coes/{id}/assignments", async (
                string id, HttpContext context, AgentRequests agents, Assignments assignments, CancellationToken cancellationToken) =>
            {
                var request = await agents.CheckAsync(context, id, default, cancellationToken);
                string? known = context.Request.Headers.IfNoneMatch is { Count: 1 } match ? match.ToString() : null;
                if (await assignments.WaitAsync(request.Coe.Coe, known, Assignments.NextWait(), cancellationToken) is not { } answer)
                {
                    context.Response.Headers.ETag = known;
                    return Results.StatusCode(StatusCodes.Status304NotModified);
                }

                context.Response.Headers.ETag = answer.ETag;
                return Answer.Json(answer.Document, DwebJson.Default.AssignmentsDocument);
            })
            .Produces<AssignmentsDocument>()
            .Produces(StatusCodes.Status304NotModified)
            .WithSummary("The whole desired set of a COE; with If-None-Match waits up to 25 s for a change.");

        api.MapPost("/coes/{id}/heartbeat", async (
                string id, HttpContext context, AgentRequests agents, Heartbeats heartbeats, LeaseReports reports, NamedLeases named, SealingKeys sealing, ControlPlaneSettings settings, TimeProvider time,
                CancellationToken cancellationToken) =>
            {
                var request = await CheckAsync(context, id, agents, cancellationToken);
                var beat = RequestBody.Parse(request.Body, DwebJson.Default.HeartbeatRequest);
                if (heartbeats.Beat(request.Coe.Coe, beat.AgentId, beat.Incarnation, beat.Sequence))
                {
                    named.Take(request.Coe.Coe, beat.Leases);
                    sealing.Take(request.Coe.Coe, beat.Sealing);
                    await reports.TakeAsync(request.Coe.Coe, beat.Leases, request.SignedAtMs, cancellationToken);
                }

                var answer = new HeartbeatResponse((int)settings.Heartbeat.TotalMilliseconds, time.GetUtcNow().ToUnixTimeMilliseconds());
                return Answer.Json(answer, DwebJson.Default.HeartbeatResponse);
            })
            .Accepts<HeartbeatRequest>("application/json")
            .Produces<HeartbeatResponse>()
            .WithSummary("An agent is alive.");

        api.MapPost("/coes/{id}/reports", async (
                string id, HttpContext context, AgentRequests agents, Heartbeats heartbeats, LeaseReports reports, CancellationToken cancellationToken) =>
            {
                var request = await CheckAsync(context, id, agents, cancellationToken);
                var report = RequestBody.Parse(request.Body, DwebJson.Default.ReportRequest);
                heartbeats.Check(request.Coe.Coe, report.AgentId, report.Incarnation);
                await reports.TakeAsync(request.Coe.Coe, report.Leases, request.SignedAtMs, cancellationToken);
                return Results.NoContent();
            })
            .Accepts<ReportRequest>("application/json")
            .Produces(StatusCodes.Status204NoContent)
            .WithSummary("What became of leases, as soon as it changes.");

        api.MapPost("/coes/{id}/usage", async (string id, HttpContext context, AgentRequests agents, UsageIntake usage, CancellationToken cancellationToken) =>
            {
                var request = await CheckAsync(context, id, agents, cancellationToken);
                await usage.TakeAsync(request.Coe, RequestBody.Parse(request.Body, DwebJson.Default.UsageSubmission), cancellationToken);
                return Results.NoContent();
            })
            .Accepts<UsageSubmission>("application/json")
            .Produces(StatusCodes.Status204NoContent)
            .WithSummary("A signed batch of cumulative usage.");

        api.MapPost("/coes/{id}/specs", async (string id, HttpContext context, AgentRequests agents, OfferedSpecs offered, CancellationToken cancellationToken) =>
            {
                var request = await CheckAsync(context, id, agents, cancellationToken, LargestOffer);
                await offered.TakeAsync(request.Coe.Coe, RequestBody.Parse(request.Body, DwebJson.Default.SpecOffer), cancellationToken);
                return Results.NoContent();
            })
            .Accepts<SpecOffer>("application/json")
            .Produces(StatusCodes.Status204NoContent)
            .WithSummary("Specs that the assignments were without.");

        api.MapGet("/coes/{id}/secrets/{bundle}", async (
                string id, string bundle, HttpContext context, AgentRequests agents, AssignedSecrets secrets, CancellationToken cancellationToken) =>
            {
                var request = await agents.CheckAsync(context, id, default, cancellationToken);
                return Answer.Binary(await secrets.ReadAsync(request.Coe.Coe, bundle, cancellationToken));
            })
            .Produces<byte[]>(contentType: "application/octet-stream")
            .WithSummary("The sealed secrets of a lease that the COE has.");

        api.MapPost("/coes/{id}/logs/{requestId}", async (
                string id, string requestId, HttpContext context, AgentRequests agents, LogRelay logs, CancellationToken cancellationToken) =>
            {
                var request = await CheckAsync(context, id, agents, cancellationToken, LargestLog);
                logs.Answer(request.Coe.Coe, requestId, RequestBody.Parse(request.Body, DwebJson.Default.LogAnswer));
                return Results.NoContent();
            })
            .Accepts<LogAnswer>("application/json")
            .Produces(StatusCodes.Status204NoContent)
            .WithSummary("The lines that a request in the assignments asked for.");
    }

    private const int LargestLog = 4 * 1024 * 1024;

    private const int LargestOffer = 4 * 1024 * 1024;

    private static async Task<AgentRequest> CheckAsync(
        HttpContext context, string coe, AgentRequests agents, CancellationToken cancellationToken, int limit = RequestBody.Ordinary) =>
        await agents.CheckAsync(context, coe, await RequestBody.ReadAsync(context.Request, limit, cancellationToken), cancellationToken);
}
