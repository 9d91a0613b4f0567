using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dweb.Durable.Tests.Conformance;
using Dweb.Durable.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(PeerHost))]

namespace Dweb.Durable.Tests.Conformance;

/// <summary>The peer's in-memory backend in a Node process, and the HTTP endpoint by which it reaches our worker; one for all tests, started for the first.</summary>
public sealed class PeerHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, OrchestrationRegistry> _registries = new(StringComparer.Ordinal);
    private readonly HttpListener _endpoint = new();
    private readonly Lazy<Task<NodeProgram>> _backend;
    private int _named;

    public PeerHost() => _backend = new(StartAsync);

    /// <summary>A name under which the peer finds a registry; the ids of its instances begin with it.</summary>
    internal string Register(OrchestrationRegistry registry)
    {
        var name = $"s{Interlocked.Increment(ref _named)}";
        _registries[name] = registry;
        return name;
    }

    internal async Task<JsonNode?> CommandAsync(JsonObject command)
    {
        using var content = new StringContent(command.ToJsonString());
        using var answer = await (await _backend.Value).Http.PostAsync("command", content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text) : throw new InvalidOperationException(text);
    }

    public async ValueTask DisposeAsync()
    {
        if (_backend.IsValueCreated)
        {
            await (await _backend.Value).DisposeAsync();
        }
        _endpoint.Close();
    }

    private Task<NodeProgram> StartAsync()
    {
        var address = $"http://127.0.0.1:{FreePorts.One()}/";
        _endpoint.Prefixes.Add(address);
        _endpoint.Start();
        _ = Task.Run(ServeAsync);
        return NodeProgram.StartAsync("host.js", address);
    }

    private async Task ServeAsync()
    {
        while (_endpoint.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await _endpoint.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            _ = Task.Run(() => AnswerAsync(call));
        }
    }

    private async Task AnswerAsync(HttpListenerContext call)
    {
        using var body = new MemoryStream();
        await call.Request.InputStream.CopyToAsync(body);
        var path = call.Request.Url!.AbsolutePath.Split('/');
        var registry = _registries[path[2]];
        var answer = path[1] == "activity"
            ? await RunActivityAsync(registry, body.ToArray())
            : await new OrchestratorWorker(registry).ExecuteAsync(body.ToArray(), CancellationToken.None);
        call.Response.ContentLength64 = answer.Length;
        await call.Response.OutputStream.WriteAsync(answer);
        call.Response.Close();
    }

    private static async Task<byte[]> RunActivityAsync(OrchestrationRegistry registry, byte[] body)
    {
        using var call = JsonDocument.Parse(body);
        var given = call.RootElement;
        var input = given.TryGetProperty("input", out var json) ? json.GetString() : null;
        var outcome = await new ActivityWorker(registry).ExecuteAsync(
            given.GetProperty("name").GetString()!, given.GetProperty("instanceId").GetString()!, given.GetProperty("taskId").GetInt32(), input, CancellationToken.None);
        var answer = new JsonObject { ["result"] = outcome.ResultJson, ["failure"] = Failure(outcome.Failure) };
        return Encoding.UTF8.GetBytes(answer.ToJsonString());
    }

    private static JsonObject? Failure(FailureDetails? failure) => failure is null ? null : new()
    {
        ["type"] = failure.ErrorType,
        ["message"] = failure.Message,
        ["nonRetriable"] = failure.IsNonRetriable,
        ["inner"] = Failure(failure.Inner),
    };
}
