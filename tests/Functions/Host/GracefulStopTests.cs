using System.Globalization;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Host;

/// <summary>SIGTERM: what is under way is answered, what is held is given back, and the program ends well within the 30 s that a host gives it.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class GracefulStopTests(TestStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestStack.PatienceMs)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_waiting_agent_is_answered_and_the_program_ends_with_success(bool underHost)
    {
        await stack.ReadyAsync();
        await using var storage = new Azurite();
        await storage.StartAsync(Cancel);
        string data = Directory.CreateTempSubdirectory("dweb-stop-").FullName;
        int port = FreePorts.One();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var settings = stack.SettingsWith(("AzureWebJobsStorage", storage.ConnectionString), ("Dweb__DataFolder", data), ("Dweb__ListenUrl", address.ToString()),
            ("Dweb__SettlementSchedule", "0 0 0 1 1 *"));
        await using var host = underHost ? new HostDouble(address, storage.ConnectionString, settings) : null;
        await (host?.StartAsync(Cancel) ?? Task.CompletedTask);
        await using (var plane = new ControlPlane(host?.Settings ?? settings, address, host?.HandlerPort))
        {
            await plane.StartAsync(Cancel);
            await (host?.TellKeyAsync(Cancel) ?? Task.CompletedTask);
            // One of its own, for which nothing changes.
            var agent = await stack.Market.RegisterAsync($"stop-{port}", Cancel);
            string etag = (await AskAsync(plane, agent, null)).Headers.ETag!.ToString();
            var waiting = AskAsync(plane, agent, etag);
            await Task.Delay(200, Cancel);
            Assert.False(waiting.IsCompleted, "the agent does not wait");

            await plane.StopAsync(Cancel);
            Assert.Equal(System.Net.HttpStatusCode.NotModified, (await waiting).StatusCode);
        }

        if (!underHost)
        {
            await AssertGivenBackAsync(settings, address);
        }

        Directory.Delete(data, recursive: true);
    }

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task A_program_that_no_host_has_called_yet_ends_with_success()
    {
        await stack.ReadyAsync();
        await using var storage = new Azurite();
        await storage.StartAsync(Cancel);
        string data = Directory.CreateTempSubdirectory("dweb-stop-").FullName;
        var settings = stack.SettingsWith(("AzureWebJobsStorage", storage.ConnectionString), ("Dweb__DataFolder", data));
        await using var host = new HostDouble(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.One()}")), storage.ConnectionString, settings);
        await host.StartAsync(Cancel);
        await using (var plane = new ControlPlane(host.Settings, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{host.HandlerPort}"))))
        {
            await plane.StartAsync(Cancel);
            await plane.StopAsync(Cancel);
        }

        Directory.Delete(data, recursive: true);
    }

    private static async Task AssertGivenBackAsync(Dictionary<string, string> settings, Uri address)
    {
        // A lease that was not given back would have the next one wait until it runs out, for there is no lock of this machine here.
        string elsewhere = Directory.CreateTempSubdirectory("dweb-stop-").FullName;
        settings["Dweb__DataFolder"] = elsewhere;
        await using (var next = new ControlPlane(settings, address))
        {
            await next.StartAsync(Cancel);
            Assert.True((await next.GetAsync("/api/health", DwebJson.Default.HealthView, null, Cancel)).Head > 0);
        }

        Directory.Delete(elsewhere, recursive: true);
    }

    private static Task<HttpResponseMessage> AskAsync(ControlPlane plane, TestAgent agent, string? etag)
    {
        var request = ControlPlane.Sign(new HttpRequestMessage(HttpMethod.Get, agent.Path("assignments")), [], agent.Key);
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        return plane.SendAsync(request, Cancel);
    }
}
