using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dweb.Durable;

namespace Dweb.Functions.Tests.Host;

/// <summary>Calls a custom handler's functions in the words of a Functions host, as they were captured.</summary>
public sealed class HostCalls(Uri handler) : IDisposable
{
    public const string ClientBinding =
        """{"taskHubName":"fhub","connectionName":null,"creationUrls":null,"managementUrls":null,"baseUrl":null,"requiredQueryStringParameters":"code=KEY","rpcBaseUrl":"http://localhost:4001"}""";

    private readonly HttpClient http = new() { BaseAddress = handler, Timeout = TimeSpan.FromMinutes(2) };

    public Task QueueAsync(string function, string message, int delivery, CancellationToken cancellationToken)
    {
        var metadata = new JsonObject { ["DequeueCount"] = delivery.ToString(CultureInfo.InvariantCulture), ["Id"] = Quote(Guid.NewGuid().ToString()) };
        return CallAsync(function, new JsonObject { ["message"] = Quote(message), ["orchestrations"] = Quote(ClientBinding) }, metadata, cancellationToken);
    }

    public Task TimerAsync(string function, CancellationToken cancellationToken)
    {
        var tick = new JsonObject { ["Schedule"] = new JsonObject { ["AdjustForDST"] = true }, ["ScheduleStatus"] = null, ["IsPastDue"] = false };
        return CallAsync(function, new JsonObject { ["timer"] = tick, ["orchestrations"] = Quote(ClientBinding) }, [], cancellationToken);
    }

    /// <summary>One work item; anything but a base64 answer fails the orchestration for good, so it is an exception.</summary>
    public async Task<byte[]> TurnAsync(string function, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(function, new JsonObject { ["context"] = Quote(Convert.ToBase64String(request.Span)) }, [], cancellationToken);
        return Convert.FromBase64String(answer!.GetValue<string>());
    }

    /// <summary>A failed invocation fails the activity, and nothing that the handler said of it is kept.</summary>
    public async Task<ActivityOutcome> ActivityAsync(string function, string instanceId, int taskId, string? input, CancellationToken cancellationToken)
    {
        try
        {
            var data = new JsonObject { ["input"] = Quote(Rewritten(input ?? "null")) };
            var metadata = new JsonObject { ["instanceId"] = Quote(instanceId), ["input"] = Quote(input ?? "null"), ["data"] = JsonNode.Parse(input ?? "null") };
            var answer = await CallAsync(function, data, metadata, cancellationToken);
            return new ActivityOutcome(Rewritten(answer?.ToJsonString() ?? "null"), null);
        }
        catch (HttpRequestException)
        {
            return new ActivityOutcome(null, new FailureDetails("FunctionFailedException", $"The activity function '{function}' failed."));
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonNode?> CallAsync(string function, JsonObject data, JsonObject metadata, CancellationToken cancellationToken)
    {
        metadata["sys"] = new JsonObject
        {
            ["MethodName"] = function, ["UtcNow"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture), ["RandGuid"] = Guid.NewGuid().ToString(),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/" + function)
        {
            Content = new StringContent(new JsonObject { ["Data"] = data, ["Metadata"] = metadata }.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-azure-functions-hostversion", "4.1037.0.0");
        request.Headers.Add("x-azure-functions-invocationid", Guid.NewGuid().ToString());
        using var response = await http.SendAsync(request, cancellationToken);
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != "application/json" || response.Content.Headers.ContentLength is null)
        {
            throw new HttpRequestException($"The invocation of {function} failed with {(int)response.StatusCode}: {body}");
        }

        return JsonNode.Parse(body)!.AsObject().Single(static member => member.Key.Equals("ReturnValue", StringComparison.OrdinalIgnoreCase)).Value;
    }

    /// <summary>A host reads what it carries and writes it again: dates in its own form, decimals as floating point.</summary>
    private static string Rewritten(string json) => Rewritten(JsonNode.Parse(json))?.ToJsonString() ?? "null";

    private static JsonNode? Rewritten(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Select(static member => KeyValuePair.Create(member.Key, Rewritten(member.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Rewritten)]),
        JsonValue v when v.GetValueKind() == JsonValueKind.Number => JsonValue.Create(double.Parse(v.ToJsonString(), CultureInfo.InvariantCulture)),
        JsonValue v when v.GetValueKind() == JsonValueKind.String && DateTimeOffset.TryParseExact(v.GetValue<string>(), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) =>
            JsonValue.Create(date.UtcDateTime.ToString("s", CultureInfo.InvariantCulture)),
        _ => node?.DeepClone(),
    };

    private static JsonValue Quote(string text) => JsonValue.Create(JsonSerializer.Serialize(text));
}
