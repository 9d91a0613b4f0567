using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Tests.Support;

/// <summary>A control plane that tests hold in their hands: real HTTP, real signatures checked, and it says whatever a test wants.</summary>
public sealed class ControlPlane : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Lock gate = new();
    private Func<AssignmentDocument, AssignmentDocument>? changeOnce;
    private bool changeCoeOnce;
    private TaskCompletionSource changed = new();
    private AssignmentsDocument assignments;
    private int version = 1;

    private ControlPlane(Hash32 coe, WebApplication app)
    {
        assignments = new AssignmentsDocument(coe, [], []);
        this.app = app;
    }

    public Uri Endpoint { get; private set; } = null!;

    /// <summary>What the server's clock shows, as a difference from this machine's.</summary>
    public TimeSpan ClockAhead { get; set; }

    /// <summary>Answered to every request while set.</summary>
    public ErrorCode? Refuse { get; set; }

    /// <summary>With which lease book it says that it works.</summary>
    public EvmAddress LeaseBook { get; set; }

    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentQueue<string> Queries { get; } = new();

    public ConcurrentQueue<EvmAddress?> Signers { get; } = new();

    public ConcurrentQueue<LeaseReport> Reports { get; } = new();

    public ConcurrentQueue<HeartbeatRequest> Heartbeats { get; } = new();

    public ConcurrentQueue<UsageSubmission> Usage { get; } = new();

    public ConcurrentDictionary<string, LogAnswer> Logs { get; } = new();

    public ConcurrentQueue<string> Specs { get; } = new();

    /// <summary>Sealed secrets: what it gives to agents, and what they have offered.</summary>
    public ConcurrentDictionary<Hash32, byte[]> Bundles { get; } = new();

    public static async Task<ControlPlane> StartAsync(Hash32 coe)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var plane = new ControlPlane(coe, builder.Build());
        plane.app.Use(plane.CheckAsync);
        plane.app.MapGet("/api/health", plane.TellHealthAsync);
        plane.app.MapGet("/api/coes/{id}", plane.TellCoeAsync);
        plane.app.MapGet("/api/coes/{id}/assignments", plane.PollAsync);
        plane.app.MapPost("/api/coes/{id}/heartbeat", plane.BeatAsync);
        plane.app.MapPost("/api/coes/{id}/reports", plane.ReportAsync);
        plane.app.MapPost("/api/coes/{id}/usage", plane.TakeUsageAsync);
        plane.app.MapPost("/api/coes/{id}/specs", plane.TakeSpecsAsync);
        plane.app.MapGet("/api/coes/{id}/secrets/{bundle}", plane.GiveSecretsAsync);
        plane.app.MapPost("/api/coes/{id}/logs/{request}", plane.TakeLogAsync);
        await plane.app.StartAsync();
        plane.Endpoint = new Uri(plane.app.Urls.Single());
        return plane;
    }

    /// <summary>What somebody between does to the next answer that assigns anything.</summary>
    public Func<AssignmentDocument, AssignmentDocument>? ChangeOnce
    {
        set => Volatile.Write(ref changeOnce, value);
    }

    /// <summary>The next answer that assigns anything is for another COE.</summary>
    public bool ChangeCoeOnce
    {
        set => Volatile.Write(ref changeCoeOnce, value);
    }

    public void Assign(params IReadOnlyList<AssignmentDocument> leases) => Set(d => d with { Leases = leases });

    public void AskForLog(LogRequest request) => Set(d => d with { LogRequests = [request] });

    public async ValueTask DisposeAsync()
    {
        changed.TrySetResult();
        await app.DisposeAsync();
    }

    private void Set(Func<AssignmentsDocument, AssignmentsDocument> change)
    {
        TaskCompletionSource last;
        lock (gate)
        {
            assignments = change(assignments);
            version++;
            last = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        last.TrySetResult();
    }

    private async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && !request.Path.Value!.EndsWith("/assignments", StringComparison.Ordinal) && !request.Path.Value.Contains("/secrets/", StringComparison.Ordinal))
        {
            // What anybody may read.
            await next(context);
            return;
        }

        request.EnableBuffering();
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        request.Body.Position = 0;
        Requests.Enqueue($"{request.Method} {request.Path}");
        Queries.Enqueue(request.QueryString.ToString());

        long now = (TimeProvider.System.GetUtcNow() + ClockAhead).ToUnixTimeMilliseconds();
        context.Response.Headers[RequestSigning.ServerTimeHeader] = now.ToString(CultureInfo.InvariantCulture);
        long stamp = long.Parse(request.Headers[RequestSigning.TimestampHeader].ToString(), CultureInfo.InvariantCulture);
        string message = RequestSigning.Message(request.Method, request.Path + request.QueryString.ToString(), stamp, body.ToArray());
        Signers.Enqueue(EvmSignature.TryParse(request.Headers[RequestSigning.SignatureHeader].ToString(), out var signature)
            ? Secp256k1.Recover(Eip191.HashMessage(message), signature)
            : null);

        var refusal = Refuse ?? (Math.Abs(now - stamp) > RequestSigning.ToleranceSeconds * 1000 ? Catalogue.ClockSkew : null);
        if (refusal is not null)
        {
            context.Response.StatusCode = refusal.HttpStatus;
            await WriteAsync(context, Problem.From(new DwebException(refusal, "No.")), DwebJson.Default.Problem);
            return;
        }

        await next(context);
    }

    private Task TellHealthAsync(HttpContext context) => WriteAsync(context, new HealthView("ok", "1.0.0", 31337, 1, 1, 1, [], LeaseBook), DwebJson.Default.HealthView);

    private Task TellCoeAsync(HttpContext context) => WriteAsync(
        context, new CoeView(assignments.Coe, "coe", default, default, "Active", "eu-central", [], [], [], 0, 0, "", !Heartbeats.IsEmpty, null), DwebJson.Default.CoeView);

    private async Task PollAsync(HttpContext context)
    {
        while (true)
        {
            Task wait;
            (AssignmentsDocument document, string tag) now;
            lock (gate)
            {
                now = (assignments, $"\"{version}\"");
                wait = changed.Task;
            }

            if (context.Request.Headers.IfNoneMatch != now.tag)
            {
                context.Response.Headers.ETag = now.tag;
                var change = now.document.Leases.Count > 0 ? Interlocked.Exchange(ref changeOnce, null) : null;
                var coe = now.document.Leases.Count > 0 && Interlocked.Exchange(ref changeCoeOnce, false) ? Keccak256.Hash("another") : now.document.Coe;
                IReadOnlyList<AssignmentDocument> leases = change is null ? now.document.Leases : [.. now.document.Leases.Select(change)];
                await WriteAsync(context, now.document with { Coe = coe, Leases = leases }, DwebJson.Default.AssignmentsDocument);
                return;
            }

            await wait.WaitAsync(context.RequestAborted);
        }
    }

    private async Task BeatAsync(HttpContext context)
    {
        Heartbeats.Enqueue(await ReadAsync(context, DwebJson.Default.HeartbeatRequest));
        await WriteAsync(context, new HeartbeatResponse(200, 0), DwebJson.Default.HeartbeatResponse);
    }

    private async Task ReportAsync(HttpContext context)
    {
        foreach (var report in (await ReadAsync(context, DwebJson.Default.ReportRequest)).Leases)
        {
            Reports.Enqueue(report);
        }
    }

    private async Task TakeUsageAsync(HttpContext context) => Usage.Enqueue(await ReadAsync(context, DwebJson.Default.UsageSubmission));

    private async Task TakeSpecsAsync(HttpContext context)
    {
        var offer = await ReadAsync(context, DwebJson.Default.SpecOffer);
        foreach (string spec in offer.Specs)
        {
            Specs.Enqueue(spec);
        }

        foreach (byte[] bundle in offer.Bundles ?? [])
        {
            Bundles[Keccak256.Hash(bundle)] = bundle;
        }
    }

    private async Task GiveSecretsAsync(HttpContext context)
    {
        if (Bundles.TryGetValue(Hash32.Parse((string)context.Request.RouteValues["bundle"]!), out byte[]? bundle))
        {
            await context.Response.Body.WriteAsync(bundle, context.RequestAborted);
            return;
        }

        context.Response.StatusCode = Catalogue.SecretsUnavailable.HttpStatus;
        await WriteAsync(context, Problem.From(new DwebException(Catalogue.SecretsUnavailable, "They are not here.")), DwebJson.Default.Problem);
    }

    private async Task TakeLogAsync(HttpContext context) =>
        Logs[(string)context.Request.RouteValues["request"]!] = await ReadAsync(context, DwebJson.Default.LogAnswer);

    private static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type) =>
        (await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted))!;

    private static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        context.Response.WriteAsync(JsonSerializer.Serialize(value, type), Encoding.UTF8, context.RequestAborted);
}
