using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Tests.Stack;

/// <summary>Speaks for a COE as its agent would, without an engine: what it reports is what the test says.</summary>
public sealed class TestAgent(TestStack stack, Hash32 coe, PrivateKey key, ControlPlane? other = null)
{
    private ulong sequence;

    public Hash32 Coe => coe;

    public PrivateKey Key => key;

    public string AgentId { get; private init; } = Guid.NewGuid().ToString("N");

    private ControlPlane Plane => other ?? stack.Plane;

    /// <summary>The same agent as it speaks to another control plane.</summary>
    public TestAgent At(ControlPlane plane) => new(stack, coe, key, plane) { AgentId = AgentId };

    /// <summary>Of the next heartbeat, whoever speaks for the agent: one that is not newer than another is not heard.</summary>
    public ulong NextSequence() => Interlocked.Increment(ref sequence);

    public string Path(string what) => $"/api/coes/{coe}/{what}";

    /// <summary>Is heard by the control plane and, beside its first one, by every member that runs.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken, params IReadOnlyList<LeaseReport> leases)
    {
        await Task.WhenAll(stack.Members.Where(member => other is null && member.IsRunning).Select(member => BeatMemberAsync(member, cancellationToken, leases)));
        var beat = new HeartbeatRequest(AgentId, 1, NextSequence(), "test", leases);
        using var response = await PostAsync("heartbeat", beat, DwebJson.Default.HeartbeatRequest, cancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public async Task BeatMemberAsync(SchedulerMember member, CancellationToken cancellationToken, params IReadOnlyList<LeaseReport> leases)
    {
        var beat = new HeartbeatRequest(AgentId, 1, NextSequence(), "test", leases);
        using var request = Request($"heartbeat?to={member.Address.Authority}", beat, DwebJson.Default.HeartbeatRequest);
        using var response = await member.SendAsync(request, cancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Is heard by a member, if that is there: one that was killed is waited for by nobody.</summary>
    public async Task TryBeatMemberAsync(SchedulerMember member, CancellationToken cancellationToken)
    {
        try
        {
            var beat = new HeartbeatRequest(AgentId, 1, NextSequence(), "test", []);
            using var request = Request($"heartbeat?to={member.Address.Authority}", beat, DwebJson.Default.HeartbeatRequest);
            using var response = await member.SendAsync(request, cancellationToken);
        }
        catch (Exception away) when (away is HttpRequestException or IOException)
        {
            // It hears the next one.
        }
    }

    public async Task ReportAsync(Hash32 lease, LeasePhase phase, CancellationToken cancellationToken, string? code = null, IReadOnlyList<string>? urls = null)
    {
        var report = new ReportRequest(AgentId, 1, [new LeaseReport(lease, phase, urls ?? [$"http://127.0.0.1:1/{lease}"], code, code)]);
        using var response = await PostAsync("reports", report, DwebJson.Default.ReportRequest, cancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    /// <returns>Null for 304.</returns>
    public async Task<(AssignmentsDocument Document, string ETag)?> AssignmentsAsync(string? etag, CancellationToken cancellationToken)
    {
        using var request = ControlPlane.Sign(new HttpRequestMessage(HttpMethod.Get, Path("assignments")), [], key);
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        using var response = await Plane.SendAsync(request, cancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.StatusCode == HttpStatusCode.NotModified
            ? null
            : (JsonSerializer.Deserialize(body, DwebJson.Default.AssignmentsDocument)!, response.Headers.ETag!.ToString());
    }

    public UsageSubmission Usage(ulong asOf, PrivateKey? signer, params IReadOnlyList<UsageEntry> entries)
    {
        var batch = new UsageBatch(coe, asOf, entries);
        return new UsageSubmission(
            asOf, "0x" + Convert.ToHexStringLower(batch.PackEntries()), (signer ?? key).SignDigest(stack.Chain.Book.Digest(batch.StructHash())));
    }

    public Task<HttpResponseMessage> SendUsageAsync(UsageSubmission usage, CancellationToken cancellationToken) =>
        PostAsync("usage", usage, DwebJson.Default.UsageSubmission, cancellationToken);

    public Task<HttpResponseMessage> PostAsync<T>(string what, T message, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Plane.SendAsync(Request(what, message, type), cancellationToken);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Plane.SendAsync(request, cancellationToken);

    public HttpRequestMessage Request<T>(string what, T message, JsonTypeInfo<T> type, PrivateKey? signer = null, long? timestampMs = null)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(message, type);
        return ControlPlane.Sign(ControlPlane.Post(Path(what), body), body, signer ?? key, timestampMs);
    }
}
