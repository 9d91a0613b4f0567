using System.Text.Json.Nodes;
using Dweb.Durable.Tests.Fixtures;

namespace Dweb.Durable.Tests.Conformance;

/// <summary>How an instance stands in the peer's backend. The numbers of statuses are those of the wire.</summary>
internal sealed record PeerState(OrchestrationStatus Status, string? Output, string? CustomStatus, JsonNode? Failure, IReadOnlyList<string> History)
{
    public string? Error => (string?)Failure?["message"];

    /// <summary>Messages of the failure and of those inside it.</summary>
    public IEnumerable<string> Errors()
    {
        for (var failure = Failure; failure is not null; failure = failure["inner"])
        {
            yield return (string)failure["message"]!;
        }
    }
}

/// <summary>Orchestrators and activities of one test, and their instances in the peer's backend.</summary>
internal sealed class Scenario(PeerHost peer)
{
    private string? _name;

    public OrchestrationRegistry Code { get; } = new OrchestrationRegistry()
        .AddActivity(Defs.Double, (_, n, _) => Task.FromResult(2 * n))
        .AddActivity(Defs.Flaky, (_, n, _) => throw new InvalidOperationException($"no {n}", new TimeoutException("deep")));

    public Scenario Orchestration(string name, Func<OrchestrationContext, int, Task<int>> orchestrator)
    {
        Code.AddOrchestration(Defs.IntToInt(name), orchestrator);
        return this;
    }

    public string IdOf(string suffix) => $"{_name ??= peer.Register(Code)}.{suffix}";

    public async Task<string> StartAsync(string name = "O", int input = 1, string suffix = "i")
    {
        await DoAsync("start", IdOf(suffix), ("name", name), ("input", $"{input}"));
        return IdOf(suffix);
    }

    public Task RaiseAsync(string id, string name, int payload) => DoAsync("raise", id, ("name", name), ("input", $"{payload}"));

    public Task PushAsync(string id, params JsonArray[] events) => DoAsync("push", id, ("events", new JsonArray([.. events])));

    public Task SuspendAsync(string id) => DoAsync("suspend", id);

    public Task ResumeAsync(string id) => DoAsync("resume", id);

    public Task TerminateAsync(string id, string json) => DoAsync("terminate", id, ("input", json));

    public Task RewindAsync(string id) => DoAsync("rewind", id, ("input", "try again"));

    public async Task<PeerState> EndAsync(string id) => Read(await DoAsync("end", id));

    /// <summary>Waits until the instance's history has so many events of a kind.</summary>
    public async Task<PeerState> SeenAsync(string id, string kind, int count = 1) => Read(await DoAsync("seen", id, ("kind", kind), ("count", count)));

    /// <summary>One turn of a history made by hand.</summary>
    public async Task<JsonNode> TurnAsync(JsonArray past, JsonArray fresh) => (await DoAsync("turn", IdOf("scripted"), ("past", past), ("fresh", fresh)))!;

    /// <summary>Which events of a history, by kind, a rewind gives back to the last byte and which it leaves out; and all kinds that the peer knows but those of entities.</summary>
    public async Task<(IReadOnlyList<string> Unchanged, IReadOnlyList<string> Missing, IReadOnlyList<string> Known)> KeptAsync(JsonArray past, JsonArray fresh)
    {
        var kept = (await DoAsync("kept", IdOf("scripted"), ("past", past), ("fresh", fresh)))!;
        return (Texts("unchanged"), Texts("missing"), Texts("known"));

        IReadOnlyList<string> Texts(string name) => [.. kept[name]!.AsArray().Select(kind => (string)kind!)];
    }

    private Task<JsonNode?> DoAsync(string op, string id, params (string Name, JsonNode? Value)[] given)
    {
        var command = new JsonObject { ["op"] = op, ["id"] = id };
        foreach (var (name, value) in given)
        {
            command[name] = value;
        }
        return peer.CommandAsync(command);
    }

    private static PeerState Read(JsonNode? state) => new(
        (OrchestrationStatus)(int)state!["status"]!,
        (string?)state["output"],
        (string?)state["customStatus"],
        state["failure"],
        [.. state["history"]!.AsArray().Select(kind => (string)kind!)]);
}
