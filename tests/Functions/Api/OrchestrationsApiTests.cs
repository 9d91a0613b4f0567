using System.Net;
using System.Text;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Api;

/// <summary>Orchestrations over HTTP: for operators, with what they wait for in words.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class OrchestrationsApiTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task An_orders_orchestration_is_listed_told_and_steered()
    {
        await stack.ReadyAsync();
        var scene = await Scene.BeginAsync(stack, 1, Cancel);
        string token = await stack.Plane.LoginAsync(stack.SchedulerKey, Cancel);
        string path = $"/api/orchestrations/{scene.OrderHash}";

        var page = await stack.Plane.GetAsync(
            $"/api/orchestrations?name=DeploymentLifecycle&status=running,pending&prefix={scene.OrderHash}", DwebJson.Default.OrchestrationPageView, token, Cancel);
        Assert.Equal([scene.OrderHash.ToString()], page.Items.Select(static o => o.InstanceId));
        var opened = await UntilAsync(path, token, static t => t.Steps.Count > 0 && t.Steps.All(static step => step.Outcome == "Done"));
        Assert.Equal(("Activity", "AdmitAndOpen", "Done"), (opened.Steps[0].Kind, opened.Steps[0].Name, opened.Steps[0].Outcome));
        Assert.Equal("It waits for an external event.", opened.Explanation);

        await ChangeAsync($"{path}/suspend", new OrchestrationReason("lunch"), token);
        Assert.Contains("suspended: lunch", (await UntilAsync(path, token, static t => t.Orchestration.Status == "Suspended")).Explanation, StringComparison.Ordinal);
        await ChangeAsync($"{path}/resume", new OrchestrationReason(null), token);
        await UntilAsync(path, token, static t => t.Orchestration.Status == "Running");
        await scene.RunAllAsync(Cancel);
        Assert.Equal(OrderStatus.Running, (await scene.WaitAsync(OrderStatus.Running, Cancel)).Status);

        Assert.Equal(Catalogue.OrchestrationState.Code, (await RefusedAsync(HttpMethod.Delete, path, token)).Code);
        Assert.Equal(Catalogue.OrchestrationState.Code, (await RefusedAsync(HttpMethod.Post, $"{path}/rewind", token, """{"reason":null}""")).Code);
        await ChangeAsync($"{path}/terminate", new OrchestrationReason("enough"), token);
        Assert.Contains("terminated: enough", (await UntilAsync(path, token, static t => t.Orchestration.Status == "Terminated")).Explanation, StringComparison.Ordinal);
        Assert.Equal(1, (await PurgeAsync(path, token)).Purged);
        Assert.Equal(Catalogue.NotFound.Code, (await RefusedAsync(HttpMethod.Get, $"{path}/history", token)).Code);
        Assert.Equal(0, (await PurgeAsync(path, token)).Purged);
        await scene.EndAsync(Cancel);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Only_operators_may_look()
    {
        await stack.ReadyAsync();
        string stranger = await stack.Plane.LoginAsync(stack.Market.Publisher, Cancel);
        foreach (var (method, path) in ((HttpMethod, string)[])
                 [
                     (HttpMethod.Get, "/api/orchestrations"), (HttpMethod.Get, "/api/orchestrations/a"), (HttpMethod.Get, "/api/orchestrations/a/history"),
                     (HttpMethod.Post, "/api/orchestrations/a/terminate"), (HttpMethod.Post, "/api/orchestrations/a/events/e"), (HttpMethod.Delete, "/api/orchestrations/a"),
                     (HttpMethod.Delete, "/api/orchestrations?status=Completed"),
                 ])
        {
            Assert.Equal(Catalogue.Forbidden.Code, (await RefusedAsync(method, path, stranger, "{}")).Code);
            Assert.Equal(Catalogue.Unauthorised.Code, (await RefusedAsync(method, path, null, "{}")).Code);
        }
    }

    [Theory(Timeout = TestStack.PatienceMs)]
    [InlineData("GET", "?status=Broken", "status")]
    [InlineData("GET", "?status=1", "status")]
    [InlineData("GET", "?pageSize=0", "pageSize")]
    [InlineData("GET", "?pageSize=1001", "pageSize")]
    [InlineData("GET", "?createdFromMs=yesterday", "createdFromMs")]
    [InlineData("DELETE", "", "status")]
    [InlineData("POST", "/a/events/e", "eventId")]
    [InlineData("POST", "/a/terminate", "why")]
    public async Task What_cannot_be_read_is_named(string method, string path, string field)
    {
        await stack.ReadyAsync();
        string token = await stack.Plane.LoginAsync(stack.SchedulerKey, Cancel);
        string body = path.Contains("events", StringComparison.Ordinal) ? """{"eventId":"","payload":1}""" : """{"why":1}""";
        Assert.Equal(field, (await RefusedAsync(new HttpMethod(method), "/api/orchestrations" + path, token, body)).Field);
    }

    private async Task<OrchestrationTimelineView> UntilAsync(string path, string token, Func<OrchestrationTimelineView, bool> condition)
    {
        while (true)
        {
            var timeline = await stack.Plane.GetAsync($"{path}/history", DwebJson.Default.OrchestrationTimelineView, token, Cancel);
            if (condition(timeline))
            {
                return timeline;
            }

            await Task.Delay(50, Cancel);
        }
    }

    private async Task ChangeAsync(string path, OrchestrationReason reason, string token)
    {
        using var request = ControlPlane.Post(path, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(reason, DwebJson.Default.OrchestrationReason));
        request.Headers.Authorization = new("Bearer", token);
        using var response = await stack.Plane.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    private async Task<PurgeView> PurgeAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        request.Headers.Authorization = new("Bearer", token);
        using var response = await stack.Plane.SendAsync(request, Cancel);
        return System.Text.Json.JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(Cancel), DwebJson.Default.PurgeView)!;
    }

    private async Task<Problem> RefusedAsync(HttpMethod method, string path, string? token, string? body = null)
    {
        using var request = body is null || method != HttpMethod.Post ? new HttpRequestMessage(method, path) : ControlPlane.Post(path, Encoding.UTF8.GetBytes(body));
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        return await stack.Plane.RefusedAsync(request, Cancel);
    }
}
