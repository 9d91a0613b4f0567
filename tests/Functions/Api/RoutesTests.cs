using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Tests.Host;
using Dweb.Functions.Tests.Stack;
using Dweb.Functions.Triggers;

namespace Dweb.Functions.Tests.Api;

[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class RoutesTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestStack.PatienceMs)]
    [InlineData("OrderQueue")]
    [InlineData("OrderQueuePoison")]
    [InlineData("OrderSweep")]
    [InlineData("SettlementTimer")]
    [InlineData("IndexerTimer")]
    [InlineData("DeploymentLifecycle")]
    [InlineData("Settlement")]
    [InlineData("Reconciliation")]
    [InlineData("ReconciliationTimer")]
    [InlineData("AdmitAndOpen")]
    [InlineData("CommitOrder")]
    [InlineData("SettleUsage")]
    [InlineData("RenewDue")]
    [InlineData("CloseDue")]
    [InlineData("ParkDue")]
    [InlineData("ReplaceLeases")]
    [InlineData("Api")]
    [InlineData("Registry")]
    [InlineData("Root")]
    [InlineData("api/OrderQueue")]
    [InlineData("registry/SettlementTimer")]
    [InlineData("runtime/webhooks/durabletask/orchestrators/Settlement")]
    public async Task A_functions_name_is_no_address_for_the_outside(string name)
    {
        await stack.ReadyAsync();
        var problem = await stack.Plane.RefusedAsync("/" + name, Encoding.UTF8.GetBytes("""{"Data":{"message":"x"},"Metadata":{}}"""), Cancel);
        Assert.Equal((int)HttpStatusCode.NotFound, problem.Status);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task The_openapi_document_names_every_route_and_has_a_length()
    {
        await stack.ReadyAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json");
        using var response = await stack.Plane.SendAsync(request, Cancel);
        Assert.NotNull(response.Content.Headers.ContentLength);
        var paths = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!["paths"]!.AsObject().Select(static p => p.Key).ToHashSet();
        string[] expected =
        [
            "/api/orders", "/api/orders/{order}", "/api/orders/{order}/placement", "/api/leases", "/api/leases/{id}/usage", "/api/leases/{id}/logs", "/api/coes", "/api/coes/{id}",
            "/api/coes/{id}/assignments", "/api/coes/{id}/heartbeat", "/api/coes/{id}/reports", "/api/coes/{id}/usage", "/api/coes/{id}/logs/{requestId}",
            "/api/images", "/api/code", "/api/quotes", "/api/settlements", "/api/specs/{hash}", "/api/health", "/api/login", "/api/login/challenge", "/registry/token",
            "/api/reconciliations", "/api/orchestrations", "/api/orchestrations/{id}", "/api/orchestrations/{id}/history", "/api/orchestrations/{id}/events/{name}",
            "/api/orchestrations/{id}/terminate", "/api/orchestrations/{id}/suspend", "/api/orchestrations/{id}/resume", "/api/orchestrations/{id}/rewind",
        ];
        Assert.Subset(paths, expected.ToHashSet());
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Under_a_functions_host_triggers_are_answered_and_http_is_served_on_loopback()
    {
        await stack.ReadyAsync();
        await using var storage = new Azurite();
        await storage.StartAsync(Cancel);
        string data = Directory.CreateTempSubdirectory("dweb-handler-").FullName;
        var settings = stack.SettingsWith(("AzureWebJobsStorage", storage.ConnectionString), ("Dweb__DataFolder", data));
        await using var host = new HostDouble(new Uri($"http://127.0.0.1:{FreePorts.One()}"), storage.ConnectionString, settings);
        await host.StartAsync(Cancel);
        await using (var handler = new ControlPlane(host.Settings, new Uri($"http://127.0.0.1:{host.HandlerPort}")))
        {
            await handler.StartAsync(Cancel);
            await host.TellKeyAsync(Cancel);
            using var probe = new HttpRequestMessage(HttpMethod.Get, "/");
            using var probed = await handler.SendAsync(probe, Cancel);
            Assert.Equal(HttpStatusCode.OK, probed.StatusCode);
            await handler.UntilReadyAsync(Cancel);
            using var timer = ControlPlane.Post("/IndexerTimer", Encoding.UTF8.GetBytes(WireBody("timer-without-status")));
            using var fired = await handler.SendAsync(timer, Cancel);
            Assert.Equal(HostEnvelope.Success, await fired.Content.ReadAsByteArrayAsync(Cancel));
            Assert.False((await handler.RefusedAsync("/OrderQueue", Encoding.UTF8.GetBytes(WireBody("queue-text-dequeue-1")), Cancel)).Status < 500);
            Assert.Equal((int)HttpStatusCode.NotFound, (await handler.RefusedAsync("/api/SettlementTimer", [], Cancel)).Status);
        }

        Directory.Delete(data, recursive: true);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_unknown_path_is_a_problem_document()
    {
        await stack.ReadyAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/unheard-of");
        Assert.Equal(Catalogue.NotFound.Code, (await stack.Plane.RefusedAsync(request, Cancel)).Code);
    }

    private static string WireBody(string name) => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Triggers", "wire.jsonl"))
        .Select(static line => JsonNode.Parse(line)!).Where(line => (string?)line["case"] == name).Select(static line => (string)line["body"]!).Single();
}
