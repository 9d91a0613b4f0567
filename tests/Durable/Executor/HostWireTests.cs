using System.Text.Json;
using Dweb.Durable.Tests.Fixtures;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Tests.Executor;

/// <summary>What a Functions host really sent, taken from the captured traffic.</summary>
public sealed class HostWireTests
{
    private static readonly OrchestrationDefinition<JsonElement, JsonElement> Orch = new("orch", HostJson.Default.JsonElement, HostJson.Default.JsonElement);
    private static readonly ActivityDefinition<JsonElement, JsonElement> Act = new("act", HostJson.Default.JsonElement, HostJson.Default.JsonElement);

    [Fact]
    public void The_hosts_first_turn_is_answered_with_the_activity()
    {
        var (response, instance) = Answer("orchestration-first-turn");

        Assert.Equal(instance, response.InstanceId);
        var call = Assert.Single(response.Actions);
        Assert.Equal((0, "act", """{"n":9}"""), (call.Id, call.ScheduleTask.Name, call.ScheduleTask.Input));
    }

    [Fact]
    public void The_hosts_turn_after_the_activity_completes_the_orchestration()
    {
        var (response, _) = Answer("orchestration-after-activity");

        Assert.Equal((WireStatus.Completed, "\"act-result\""), (Driver.End(response).OrchestrationStatus, Driver.End(response).Result));
    }

    private static (OrchestratorResponse Response, string InstanceId) Answer(string wanted)
    {
        var registry = new OrchestrationRegistry().AddOrchestration(Orch, (context, input) => context.CallAsync(Act, input));
        var request = Convert.FromBase64String(Context(wanted));
        var response = OrchestratorResponse.Parser.ParseFrom(new OrchestratorWorker(registry).Execute(request));
        return (response, OrchestratorRequest.Parser.ParseFrom(request).InstanceId);
    }

    private static string Context(string wanted)
    {
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "wire.jsonl")))
        {
            using var request = JsonDocument.Parse(line);
            if (request.RootElement.GetProperty("case").GetString() == wanted)
            {
                using var body = JsonDocument.Parse(request.RootElement.GetProperty("body").GetString()!);
                return JsonDocument.Parse(body.RootElement.GetProperty("Data").GetProperty("context").GetString()!).RootElement.GetString()!;
            }
        }
        throw new InvalidOperationException($"No captured case '{wanted}'.");
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
internal sealed partial class HostJson : System.Text.Json.Serialization.JsonSerializerContext;
