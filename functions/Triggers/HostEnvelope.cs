using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dweb.Functions.Triggers;

/// <summary>
/// The JSON that a Functions host posts to <c>/{FunctionName}</c>, and what it expects back. Hosts write a queue's message as a JSON text
/// inside a JSON text; newer ones may write it once, so both are read.
/// </summary>
internal static class HostEnvelope
{
    /// <summary>Answer of a function without outputs. An empty body would hang the invocation.</summary>
    public static readonly byte[] Success = """{"Outputs":{},"Logs":[],"ReturnValue":null}"""u8.ToArray();

    /// <exception cref="JsonException">No envelope of a queue trigger.</exception>
    public static string ReadQueueMessage(JsonNode? envelope)
    {
        string text = SingleDatum(envelope) is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw new JsonException("The envelope's datum is no text.");
        return text is ['"', .., '"'] ? JsonSerializer.Deserialize(text, JsonText.Default.String)! : text;
    }

    /// <summary>When the host started the timer.</summary>
    /// <exception cref="JsonException">No envelope of a timer trigger.</exception>
    public static DateTimeOffset ReadTimerTime(JsonNode? envelope)
    {
        _ = SingleDatum(envelope);
        return envelope?["Metadata"]?["sys"]?["UtcNow"] is JsonValue now && now.TryGetValue(out DateTimeOffset time)
            ? time
            : throw new JsonException("The envelope does not say when it was written.");
    }

    private static JsonNode SingleDatum(JsonNode? envelope) => envelope is JsonObject && envelope["Data"] is JsonObject { Count: 1 } data && data.First().Value is { } datum
        ? datum
        : throw new JsonException("Not the envelope of one trigger.");
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class JsonText : System.Text.Json.Serialization.JsonSerializerContext;
