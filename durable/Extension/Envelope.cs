using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dweb.Durable.Extension;

/// <summary>
/// How JSON text travels through the Durable Functions extension, which reads and writes again what it carries and changes dates and decimals on the
/// way: as a text inside an object of our own, beside what the extension does not carry.
/// </summary>
/// <param name="Json">JSON text of an input, a result or a payload.</param>
internal sealed record Envelope(string? Json)
{
    /// <summary>Of an activity's input: the number of its call, which a host does not tell activities.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TaskId { get; init; }

    /// <summary>Of an activity's result: why it failed. A host keeps nothing of a failure that is answered otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FailureDetails? Failure { get; init; }

    /// <summary>Of an event: its id, by which a second delivery is recognised.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EventId { get; init; }

    public string Write() => JsonSerializer.Serialize(this, ExtensionJson.Default.Envelope);

    /// <summary>Reads one that came back, whether the host has written it as an object or as a text; null for what somebody else has sent.</summary>
    public static Envelope? Read(string? json)
    {
        try
        {
            var text = json is ['"', ..] ? JsonSerializer.Deserialize(json, ExtensionJson.Default.String) : json;
            return text is ['{', ..] ? JsonSerializer.Deserialize(text, ExtensionJson.Default.Envelope) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Envelope))]
[JsonSerializable(typeof(string))]
internal sealed partial class ExtensionJson : JsonSerializerContext;

/// <summary>What the extension's HTTP API answers; it has members that are of no use here.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ExtensionInstance))]
[JsonSerializable(typeof(IReadOnlyList<ExtensionInstance>))]
internal sealed partial class ExtensionAnswers : JsonSerializerContext;
