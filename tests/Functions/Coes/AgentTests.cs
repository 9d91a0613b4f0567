using System.Net;
using System.Text.Json;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Coes;

[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class AgentTests(TestStack stack)
{
    private static readonly HeartbeatRequest Beat = new("someone", 1, 1, "test", []);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_unregistered_agent_is_told_that_its_coe_is_unknown()
    {
        await stack.ReadyAsync();
        var stranger = new TestAgent(stack, Keccak256.Hash("nobody"), PrivateKey.Create());
        using var request = stranger.Request("heartbeat", Beat, DwebJson.Default.HeartbeatRequest);
        Assert.Equal(Catalogue.CoeUnknown.Code, (await stack.Plane.RefusedAsync(request, Cancel)).Code);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_key_that_the_chain_does_not_name_speaks_for_nobody()
    {
        await stack.ReadyAsync();
        using var request = stack.Market.Agents[0].Request("heartbeat", Beat, DwebJson.Default.HeartbeatRequest, signer: PrivateKey.Create());
        Assert.Equal(Catalogue.Unauthorised.Code, (await stack.Plane.RefusedAsync(request, Cancel)).Code);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_signature_holds_for_one_body_and_one_path()
    {
        await stack.ReadyAsync();
        var agent = stack.Market.Agents[0];
        using var changed = agent.Request("heartbeat", Beat, DwebJson.Default.HeartbeatRequest);
        changed.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(Beat with { Sequence = 2 }, DwebJson.Default.HeartbeatRequest));
        Assert.Equal(Catalogue.Unauthorised.Code, (await stack.Plane.RefusedAsync(changed, Cancel)).Code);

        using var elsewhere = agent.Request("heartbeat", Beat, DwebJson.Default.HeartbeatRequest);
        elsewhere.RequestUri = new Uri(agent.Path("reports"), UriKind.Relative);
        Assert.Equal(Catalogue.Unauthorised.Code, (await stack.Plane.RefusedAsync(elsewhere, Cancel)).Code);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_request_from_another_time_is_refused_and_the_answer_tells_the_servers_time()
    {
        await stack.ReadyAsync();
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (long offset in new[] { -120_000L, 120_000L })
        {
            using var request = stack.Market.Agents[0].Request("heartbeat", Beat, DwebJson.Default.HeartbeatRequest, timestampMs: now + offset);
            using var response = await stack.Plane.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            long server = long.Parse(Assert.Single(response.Headers.GetValues(RequestSigning.ServerTimeHeader)), System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(server, now, now + 60_000);
        }
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task What_was_signed_before_the_process_started_is_refused_by_it()
    {
        await stack.ReadyAsync();
        var agent = stack.Market.Agents[0];
        long before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await stack.RestartAsync(Cancel);
        using var old = agent.Request("heartbeat", Beat with { AgentId = agent.AgentId }, DwebJson.Default.HeartbeatRequest, timestampMs: before);
        Assert.Equal(Catalogue.ClockSkew.Code, (await stack.Plane.RefusedAsync(old, Cancel)).Code);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Assignments_are_the_whole_set_and_wake_an_agent_that_waits()
    {
        await stack.ReadyAsync();
        var waiting = stack.Market.Agents.Select(async agent =>
        {
            var (first, etag) = (await agent.AssignmentsAsync(null, Cancel))!.Value;
            var next = await agent.AssignmentsAsync(etag, Cancel);
            return (Agent: agent, First: first, Next: next);
        }).ToList();
        var scene = await Scene.BeginAsync(stack, 3, Cancel);
        foreach (var (agent, first, next) in await Task.WhenAll(waiting))
        {
            Assert.NotNull(next);

            // What an earlier test left may have changed first.
            var found = next.Value;
            while (found.Document.Leases.All(lease => lease.OrderHash != scene.OrderHash))
            {
                found = await agent.AssignmentsAsync(found.ETag, Cancel) ?? found;
            }

            var added = found.Document.Leases.Single(lease => lease.OrderHash == scene.OrderHash);
            Assert.DoesNotContain(first.Leases, lease => lease.LeaseId == added.LeaseId);
            Assert.Equal(scene.Request.Specs[0], added.Spec);
            Assert.False(added.Stop);
        }
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Usage_is_refused_by_the_chains_own_codes_and_keeps_what_was_accepted()
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, 2, Cancel);
        var lease = scene.Leases[0];
        var agent = scene.AgentOf(lease);
        var entry = new UsageEntry(LeaseHandle.Of(lease.LeaseId), 5, 500, 320, 50, 2, 3);
        ulong asOf = (await stack.Chain.Client.GetHeadAsync(Cancel)).Timestamp;
        var accepted = agent.Usage(asOf, null, entry);
        await AcceptedAsync(agent, accepted);
        await AcceptedAsync(agent, accepted);

        await RefusedAsync(agent, agent.Usage(asOf, PrivateKey.Create(), entry), UsageCode.BadSignature);
        await RefusedAsync(agent, agent.Usage(asOf, null, entry with { Seconds = 4 }), UsageCode.CounterFell);
        await RefusedAsync(agent, agent.Usage(asOf, null, entry with { Sent = 2 }), UsageCode.CounterFell);
        await RefusedAsync(agent, agent.Usage(asOf + 3_600, null, entry), UsageCode.FromTheFuture);
        await RefusedAsync(agent, agent.Usage(asOf, null, entry with { Handle = new LeaseHandle(1) }), UsageCode.UnknownLease);
        await RefusedAsync(agent, agent.Usage(asOf, null, entry with { Handle = LeaseHandle.Of(scene.Leases[1].LeaseId) }), UsageCode.ForeignLease);
        await RefusedAsync(agent, agent.Usage(asOf, null), UsageCode.BadLength);
        await RefusedAsync(agent, agent.Usage(asOf, null, [.. Enumerable.Repeat(entry, UsageBatch.MostEntries + 1)]), UsageCode.BadLength);

        var usage = await stack.Plane.GetAsync($"/api/leases/{lease.LeaseId}/usage", DwebJson.Default.LeaseUsageView, scene.Token, Cancel);
        Assert.Equal(new UsageCounters(5, 500, 320, 50, 2, 3), usage.Reported);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_log_is_fetched_through_the_agents_next_assignments()
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, 1, Cancel);
        var lease = scene.Leases[0];
        var agent = scene.AgentOf(lease);
        var page = stack.Plane.GetAsync($"/api/leases/{lease.LeaseId}/logs?tail=2", DwebJson.Default.LogPage, scene.Token, Cancel);
        AssignmentsDocument document;
        while ((document = (await agent.AssignmentsAsync(null, Cancel))!.Value.Document).LogRequests.Count == 0)
        {
            await Task.Delay(20, Cancel);
        }

        var asked = Assert.Single(document.LogRequests);
        Assert.Equal((lease.LeaseId, 2), (asked.LeaseId, asked.Tail));
        using var answered = await agent.PostAsync($"logs/{asked.RequestId}", new LogAnswer(["one", "two"], true, null), DwebJson.Default.LogAnswer, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, answered.StatusCode);
        Assert.Equal(["one", "two"], (await page).Lines);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_refusal_by_an_agent_fails_the_order_with_the_agents_code()
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, 1, Cancel);
        await scene.AgentOf(scene.Leases[0]).ReportAsync(scene.Leases[0].LeaseId, LeasePhase.Refused, Cancel, Catalogue.DigestMismatch.Code);
        var view = await scene.WaitAsync(OrderStatus.Running, Cancel);
        Assert.Equal((OrderStatus.Failed, Catalogue.DigestMismatch.Code), (view.Status, view.ErrorCode));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task That_a_lease_may_run_no_longer_is_for_the_chain_to_say_and_fails_no_order()
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, 1, Cancel);
        var agent = scene.AgentOf(scene.Leases[0]);
        await agent.ReportAsync(scene.Leases[0].LeaseId, LeasePhase.Refused, Cancel, Catalogue.LeaseNotOpen.Code);
        await agent.ReportAsync(scene.Leases[0].LeaseId, LeasePhase.Running, Cancel);
        Assert.Equal(OrderStatus.Running, (await scene.WaitAsync(OrderStatus.Running, Cancel)).Status);
    }

    private static async Task AcceptedAsync(TestAgent agent, UsageSubmission usage)
    {
        using var response = await agent.SendUsageAsync(usage, Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.NoContent, await response.Content.ReadAsStringAsync(Cancel));
    }

    private async Task RefusedAsync(TestAgent agent, UsageSubmission usage, UsageCode code)
    {
        using var request = agent.Request("usage", usage, DwebJson.Default.UsageSubmission);
        var problem = await stack.Plane.RefusedAsync(request, Cancel);
        Assert.Equal(Catalogue.UsageRejected.Code, problem.Code);
        Assert.StartsWith(code + ":", problem.Detail, StringComparison.Ordinal);
    }
}
