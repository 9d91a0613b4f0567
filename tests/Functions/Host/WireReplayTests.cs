using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Tests.Stack;

namespace Dweb.Functions.Tests.Host;

/// <summary>Every captured request of a real host, sent to the published app under its own functions' names; the answers are judged by what that host accepts.</summary>
[Trait("Category", "Integration")]
[Collection("stack")]
public sealed class WireReplayTests(TestStack stack, PublishedApp app)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestStack.PatienceMs)]
    public async Task Each_request_is_answered_as_the_host_expects()
    {
        await stack.ReadyAsync();
        await using var storage = new Azurite();
        await storage.StartAsync(Cancel);
        string data = Directory.CreateTempSubdirectory("dweb-published-").FullName;
        var settings = stack.SettingsWith(("AzureWebJobsStorage", storage.ConnectionString), ("Dweb__DataFolder", data));
        await using var host = new HostDouble(new Uri($"http://127.0.0.1:{FreePorts.One()}"), storage.ConnectionString, settings);
        await host.StartAsync(Cancel);
        await using (var handler = await app.StartAsync(host.Settings))
        {
            await handler.WaitForPortAsync(host.HandlerPort, Cancel);
            await host.TellKeyAsync(Cancel);
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.HandlerPort}") };
            await ControlPlane.UntilReadyAsync(http, Cancel);
            var judged = new HashSet<string>(StringComparer.Ordinal);
            foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Triggers", "wire.jsonl")))
            {
                var captured = JsonNode.Parse(line)!;
                string name = (string)captured["case"]!;
                await JudgeAsync(http, name, captured);
                judged.Add(name);
            }

            Assert.Equal(14, judged.Count);
        }

        Directory.Delete(data, recursive: true);
    }

    private static async Task JudgeAsync(HttpClient http, string name, JsonNode captured)
    {
        switch (name)
        {
            case "startup-probe":
                Assert.Equal(HttpStatusCode.OK, (await SendAsync(http, captured, "/")).Status);
                break;
            case "timer-without-status" or "timer-with-status":
                Accepted(await SendAsync(http, captured, "/IndexerTimer", ("tick", "timer")));
                break;
            case var queue when queue.StartsWith("queue-", StringComparison.Ordinal):
                // No order has such a name: the invocation fails, comes again, and ends in the poison queue, whose function takes anything.
                Assert.Equal(HttpStatusCode.InternalServerError, (await SendAsync(http, captured, "/OrderQueue", ("msg", "message"))).Status);
                Accepted(await SendAsync(http, captured, "/OrderQueuePoison", ("msg", "message")));
                break;
            case "orchestration-first-turn" or "orchestration-after-activity":
                // This app has no orchestrator of that name, which is a failed orchestration in a good answer.
                byte[] response = Convert.FromBase64String(Accepted(await SendAsync(http, captured, "/Settlement"))!.GetValue<string>());
                Assert.Equal("\n\u0005inst9"u8.ToArray(), response[..7]);
                Assert.Contains("Exception", Encoding.UTF8.GetString(response), StringComparison.Ordinal);
                break;
            case "activity-object-input":
                // The number of leases that were parked.
                Assert.Matches("^[0-9]+$", (string?)Accepted(await SendAsync(http, captured, "/ParkDue"))!["json"]);
                break;
            case "http-forwarded-with-query" or "http-forwarded-plain" or "http-enveloped" or "http-with-durable-client":
                var refused = await SendAsync(http, captured, (string)captured["url"]!);
                Assert.Equal((HttpStatusCode.NotFound, Problem.ContentType), (refused.Status, refused.Type));
                break;
            default:
                Assert.Fail($"Nobody judges the case '{name}'.");
                break;
        }
    }

    private static JsonNode? Accepted((HttpStatusCode Status, string? Type, string Body) answer)
    {
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.Type));
        var members = JsonNode.Parse(answer.Body)!.AsObject();
        Assert.True(members.ContainsKey("ReturnValue"));
        return members["ReturnValue"];
    }

    private static async Task<(HttpStatusCode Status, string? Type, string Body)> SendAsync(HttpClient http, JsonNode captured, string url, (string Theirs, string Ours)? binding = null)
    {
        string body = (string)captured["body"]!;
        if (binding is { } names)
        {
            var envelope = JsonNode.Parse(body)!;
            var data = envelope["Data"]!.AsObject();
            var datum = data[names.Theirs]!.DeepClone();
            data.Remove(names.Theirs);
            data[names.Ours] = datum;
            body = envelope.ToJsonString();
        }

        using var request = new HttpRequestMessage(new HttpMethod((string)captured["method"]!), url);
        var headers = captured["headers"]!.AsObject();
        if (request.Method != HttpMethod.Get)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        foreach (var (header, value) in headers.Where(static h => h.Key != "content-length"))
        {
            if (!request.Headers.TryAddWithoutValidation(header, (string?)value))
            {
                request.Content!.Headers.TryAddWithoutValidation(header, (string?)value);
            }
        }

        using var response = await http.SendAsync(request, Cancel);
        Assert.NotNull(response.Content.Headers.ContentLength);
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(Cancel));
    }
}
