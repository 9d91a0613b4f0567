using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dweb.Functions.Triggers;

/// <summary>
/// The JSON that a Functions host posts to <c>/{FunctionName}</c>, and what it expects back. Hosts write a text as a JSON text inside a JSON text;
/// newer ones may write it once, so both are read.
/// </summary>
internal sealed class HostEnvelope
{
    /// <summary>Answer of a function without outputs. An empty body would hang the invocation.</summary>
    public static readonly byte[] Success = Answer("null");

    private readonly JsonObject data;
    private readonly JsonNode? metadata;

    /// <exception cref="JsonException">No envelope of a trigger.</exception>
    public HostEnvelope(JsonNode? envelope)
    {
        data = envelope is JsonObject whole && whole["Data"] is JsonObject { Count: > 0 } found ? found : throw new JsonException("Not the envelope of a trigger.");
        metadata = envelope["Metadata"];
    }

    /// <param name="returnValue">JSON.</param>
    public static byte[] Answer(string returnValue) => System.Text.Encoding.UTF8.GetBytes($$"""{"Outputs":{},"Logs":[],"ReturnValue":{{returnValue}}}""");

    /// <summary>The answer of a function that returns a text.</summary>
    public static byte[] AnswerText(string text) => Answer(JsonSerializer.Serialize(text, JsonText.Default.String));

    /// <summary>What a binding of this name carries, as a text.</summary>
    /// <exception cref="JsonException">There is no such text.</exception>
    public string Text(string binding) => Find(binding) ?? throw new JsonException($"The envelope carries no text '{binding}'.");

    /// <summary>The same, or null where the host does not fill the binding.</summary>
    public string? Find(string binding) => Unquote(data[binding]);

    /// <summary>The instance that an activity runs for.</summary>
    /// <exception cref="JsonException">The envelope names none.</exception>
    public string InstanceId() => Unquote(metadata?["instanceId"]) ?? throw new JsonException("The envelope names no instance.");

    /// <summary>When the host started the function.</summary>
    /// <exception cref="JsonException">The envelope does not say.</exception>
    public DateTimeOffset WrittenAt() => metadata?["sys"]?["UtcNow"] is JsonValue now && now.TryGetValue(out DateTimeOffset time)
        ? time
        : throw new JsonException("The envelope does not say when it was written.");

    private static string? Unquote(JsonNode? node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            return null;
        }

        string text = value.GetValue<string>();
        return text is ['"', .., '"'] ? JsonSerializer.Deserialize(text, JsonText.Default.String) : text;
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class JsonText : System.Text.Json.Serialization.JsonSerializerContext;
