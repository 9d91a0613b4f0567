using Dweb.Agent.ControlPlane;
using Dweb.Agent.Tests.Support;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Tests.ControlPlane;

public sealed class ControlPlaneClientTests : IAsyncLifetime
{
    private readonly PrivateKey key = PrivateKey.Create();
    private readonly HttpClient http = new();
    private readonly ClockOffset clock = new(TimeProvider.System);
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private Support.ControlPlane server = null!;
    private ControlPlaneClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await Support.ControlPlane.StartAsync(Given.Coe);
        client = new ControlPlaneClient(http, server.Endpoint, Given.Coe, key, clock);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_ends_as_it_is_made_is_a_control_plane_that_does_not_answer()
    {
        using var closed = new HttpClient(new ClosedAtOnce());
        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => new ControlPlaneClient(closed, server.Endpoint, Given.Coe, key, clock).PollAsync(null, cancel));
        Assert.Equal(Catalogue.ControlPlaneUnreachable, failure.Error);
    }

    [Fact]
    public async Task Every_request_is_signed_with_the_agents_key()
    {
        await client.PollAsync(null, cancel);
        await client.BeatAsync(Heartbeat(), cancel);
        await client.ReportAsync(new ReportRequest("a", 1, []), cancel);
        await client.AnswerLogAsync("a/b", new LogAnswer(["x"], false, null), cancel);
        Assert.Equal(4, server.Signers.Count);
        Assert.All(server.Signers, signer => Assert.Equal(key.Address, signer));
        Assert.Equal(["x"], server.Logs.Single().Value.Lines);
    }

    [Fact]
    public async Task The_offset_to_the_servers_clock_is_learnt_from_its_refusal()
    {
        server.ClockAhead = TimeSpan.FromHours(-3);
        await client.BeatAsync(Heartbeat(), cancel);
        Assert.Equal(2, server.Requests.Count);
        Assert.InRange(clock.OffsetMs, -3 * 3_600_000 - 60_000, -3 * 3_600_000 + 60_000);
        await client.BeatAsync(Heartbeat(), cancel);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_refusal_that_is_not_about_the_clock_is_not_tried_again()
    {
        server.Refuse = Catalogue.Unauthorised;
        var refusal = await Assert.ThrowsAsync<ControlPlaneException>(() => client.BeatAsync(Heartbeat(), cancel));
        Assert.Equal(Catalogue.Unauthorised, refusal.Error);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Another_agents_hold_on_the_key_is_told_apart_from_its_end()
    {
        server.Refuse = Catalogue.AgentDuplicate;
        Assert.True((await Assert.ThrowsAsync<ControlPlaneException>(() => client.BeatAsync(Heartbeat(), cancel))).IsDuplicate);
        server.Refuse = Catalogue.AgentSuperseded;
        Assert.True((await Assert.ThrowsAsync<ControlPlaneException>(() => client.BeatAsync(Heartbeat(), cancel))).IsSuperseded);
    }

    [Fact]
    public async Task A_poll_returns_when_the_desired_set_changes()
    {
        var first = await client.PollAsync(null, cancel);
        Assert.Empty(first!.Document.Leases);
        var poll = client.PollAsync(first.ETag, cancel);
        server.Assign(Given.Assignment());
        var second = await poll;
        Assert.Equal(Given.Assignment(), Assert.Single(second!.Document.Leases));
    }

    [Fact]
    public async Task Without_an_answer_the_error_names_the_endpoint()
    {
        await server.DisposeAsync();
        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => client.PollAsync(null, cancel));
        Assert.Equal(Catalogue.ControlPlaneUnreachable, failure.Error);
        Assert.Contains(server.Endpoint.Authority, failure.Message, StringComparison.Ordinal);
    }

    private static HeartbeatRequest Heartbeat() => new("a", 1, 1, "0", []);
}
