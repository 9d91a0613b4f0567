using System.Threading.RateLimiting;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Coes;
using Dweb.Functions.Identity;
using Dweb.Functions.Scheduling.Member;
using Dweb.Functions.Settings;
using Dweb.Functions.Tracing;

namespace Dweb.Functions.Api;

/// <summary>
/// Every route of a scheduler member. Anyone may ask it to sign: it signs only what it finds by itself. So what one address may ask for at a time is
/// bounded, in number and in size.
/// </summary>
internal static class MemberApi
{
    private const string PerAddress = "per-address";
    private const int MostAtATime = 32;
    private const int MostWaiting = 256;

    public static void AddLimits(IServiceCollection services) => services.AddRateLimiter(static limits =>
    {
        limits.AddPolicy(PerAddress, static context => RateLimitPartition.GetConcurrencyLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "",
            static _ => new ConcurrencyLimiterOptions { PermitLimit = MostAtATime, QueueLimit = MostWaiting }));
        limits.OnRejected = static async (rejected, _) =>
        {
            var busy = new DwebException(Catalogue.MemberBusy, $"{MostAtATime} requests of this address are under way and {MostWaiting} wait.");
            await Answer.Problem(Problem.From(busy)).ExecuteAsync(rejected.HttpContext);
        };
    });

    public static void Map(WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRateLimiter();
        var api = app.MapGroup("/api");
        HealthApi.Map(api);
        api.MapPost("/committee/sign", async (HttpContext context, SigningDesk desk, CancellationToken cancellationToken) =>
            {
                using var span = Spans.Begin("member checks and signs", default, Spans.Of(context.Request));
                var request = await RequestBody.ReadAsync(context.Request, DwebJson.Default.CommitteeRequest, RequestBody.Ordinary, cancellationToken);
                return Answer.Json(await desk.SignAsync(request, cancellationToken), DwebJson.Default.CommitteeSignature);
            })
            .RequireRateLimiting(PerAddress);
        api.MapPost("/coes/{id}/heartbeat", async (
                string id, HttpContext context, AgentRequests agents, Heartbeats heartbeats, MemberReports reports, MemberSettings settings, TimeProvider time, CancellationToken cancellationToken) =>
            {
                RequireMeant(context.Request, settings);
                var request = await agents.CheckAsync(context, id, await RequestBody.ReadAsync(context.Request, RequestBody.Ordinary, cancellationToken), cancellationToken);
                var beat = RequestBody.Parse(request.Body, DwebJson.Default.HeartbeatRequest);
                if (heartbeats.Beat(request.Coe.Coe, beat.AgentId, beat.Incarnation, beat.Sequence))
                {
                    reports.Take(request.Coe.Coe, beat.Leases);
                }

                return Answer.Json(
                    new HeartbeatResponse((int)settings.Heartbeat.TotalMilliseconds, time.GetUtcNow().ToUnixTimeMilliseconds()), DwebJson.Default.HeartbeatResponse);
            });
        app.MapGet("/", static () => Answer.Text("Dweb scheduler member. It signs at /api/committee/sign what it finds by itself."));
    }

    /// <summary>The agent signs whom it tells: what it told another cannot be played to this member.</summary>
    private static void RequireMeant(HttpRequest request, MemberSettings settings)
    {
        if (request.Query[RequestSigning.MemberParameter] != settings.ListenUrl.Authority)
        {
            throw new DwebException(
                Catalogue.Unauthorised, $"The heartbeat is for '{request.Query[RequestSigning.MemberParameter]}'; this member is {settings.ListenUrl.Authority}.", RequestSigning.MemberParameter);
        }
    }
}
