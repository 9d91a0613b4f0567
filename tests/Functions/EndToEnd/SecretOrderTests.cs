using System.Net;
using System.Text;
using System.Text.Json;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Tests.Orders;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.EndToEnd;

/// <summary>Orders with secrets on a real chain and storage: they go where they can be opened, and so do their bundles.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class SecretOrderTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Replicas_open_only_where_the_secrets_were_sealed_for_and_only_these_agents_get_them()
    {
        await stack.ReadyAsync();
        var (chosen, stranger) = (stack.Market.Agents[1], stack.Market.Agents[2]);
        var made = SecretOrders.Seal(chosen);
        var scene = await SceneAsync(made, replicas: 2);
        Assert.All(scene.Leases, lease => Assert.Equal(chosen.Coe, lease.Coe));
        var assigned = (await chosen.AssignmentsAsync(null, Cancel))!.Value.Document.Leases.First(lease => lease.LeaseId == scene.Leases[0].LeaseId);
        Assert.Equal(made.Spec.Bundle, ContainerSpec.FromCanonicalJson(Encoding.UTF8.GetBytes(assigned.Spec)).Secrets!.Bundle);

        using (var given = await GetAsync(chosen, made.Spec.Bundle))
        {
            Assert.Equal(HttpStatusCode.OK, given.StatusCode);
            Assert.Equal(made.Bundle, await given.Content.ReadAsByteArrayAsync(Cancel));
        }

        using (var refused = await GetAsync(stranger, made.Spec.Bundle))
        {
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        await scene.EndOpenAsync(await scene.ViewAsync(Cancel), Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_replica_whose_only_coe_with_the_secrets_is_silent_waits_and_says_why()
    {
        await stack.ReadyAsync();
        var made = SecretOrders.Seal(stack.Market.Agents[0]);
        var scene = await SceneAsync(made, replicas: 1);
        await scene.RunAllAsync(Cancel);
        var others = stack.Market.Agents.Skip(1).ToList();
        var waiting = await scene.BeatUntilAsync(others, static view => view.ErrorCode == "no-capacity", Cancel);
        Assert.Contains("without a key to its secrets", waiting.ErrorMessage!, StringComparison.Ordinal);
        var placement = await stack.Plane.GetAsync($"/api/orders/{scene.OrderHash}/placement", DwebJson.Default.PlacementView, scene.Token, Cancel);
        var removed = Assert.Single(Assert.Single(placement.Replicas).Removed, static filter => filter.Filter == "secrets");
        Assert.True(removed.Count >= others.Count, $"{removed.Count} COEs.");

        var back = await scene.BeatUntilAsync([stack.Market.Agents[0]], static view => view.Status == OrderStatus.Running, Cancel);
        Assert.Equal(LeaseState.Open, Assert.Single(back.Leases).State);
        await scene.EndOpenAsync(back, Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_order_without_its_bundle_is_refused()
    {
        await stack.ReadyAsync();
        var user = await stack.Market.CreateUserAsync(10, Cancel);
        var request = await SecretOrders.SignAsync(stack, user, SecretOrders.Seal(stack.Market.Agents[0]), Cancel) with { Bundles = null };
        var problem = await stack.Plane.RefusedAsync("/api/orders", JsonSerializer.SerializeToUtf8Bytes(request, DwebJson.Default.SubmitOrderRequest), Cancel);
        Assert.Equal((Catalogue.SecretsMismatch.Code, "bundles[0]"), (problem.Code, problem.Field));
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Sealing_keys_are_shown_as_agents_said_them()
    {
        await stack.ReadyAsync();
        var agent = stack.Market.Agents[0];
        var key = SecretOrders.KeyOf(agent);
        var said = new SealingKeyDocument(key, agent.Key.SignDigest(stack.Chain.Book.Digest(new SealingKey(agent.Coe, key).StructHash())));
        var beat = new HeartbeatRequest(agent.AgentId, 1, agent.NextSequence(), "test", []) { Sealing = said };
        using var answer = await agent.PostAsync("heartbeat", beat, DwebJson.Default.HeartbeatRequest, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(said, (await stack.Plane.GetAsync($"/api/coes/{agent.Coe}", DwebJson.Default.CoeView, null, Cancel)).Sealing);
        await agent.BeatAsync(Cancel);
        Assert.Null((await stack.Plane.GetAsync($"/api/coes/{agent.Coe}", DwebJson.Default.CoeView, null, Cancel)).Sealing);
    }

    private async Task<Scene> SceneAsync(Core.Manifest.Secrets.SealedSecrets made, ushort replicas)
    {
        await Task.WhenAll(stack.Market.Agents.Select(static agent => agent.BeatAsync(Cancel)));
        var user = await stack.Market.CreateUserAsync(100, Cancel);
        var request = await SecretOrders.SignAsync(stack, user, made, Cancel, replicas);
        await Task.WhenAll(stack.Market.Agents.Select(static agent => agent.BeatAsync(Cancel)));
        var scene = await Scene.OfAsync(stack, user, request, Cancel);
        await scene.WaitForLeasesAsync(replicas, Cancel);
        return scene;
    }

    private static async Task<HttpResponseMessage> GetAsync(TestAgent agent, Hash32 bundle)
    {
        using var request = ControlPlane.Sign(new HttpRequestMessage(HttpMethod.Get, agent.Path($"secrets/{bundle}")), [], agent.Key);
        return await agent.SendAsync(request, Cancel);
    }
}
