using System.Text.Json;

namespace Dweb.Durable.Extension;

/// <summary>An instance as the extension's HTTP API shows it. Times are UTC.</summary>
internal sealed record ExtensionInstance(
    string Name, string InstanceId, string RuntimeStatus, JsonElement? Input, JsonElement? CustomStatus, JsonElement? Output, DateTimeOffset CreatedTime,
    DateTimeOffset LastUpdatedTime, IReadOnlyList<ExtensionEvent>? HistoryEvents)
{
    public OrchestrationState ToState()
    {
        var status = Enum.TryParse<OrchestrationStatus>(RuntimeStatus, out var known) ? known
            : throw new HttpRequestException($"The Durable Functions extension answered with the status '{RuntimeStatus}'.");
        var output = Text(Output);
        return new(
            InstanceId, Name, status, CreatedTime, LastUpdatedTime, Text(Input), status == OrchestrationStatus.Failed ? null : output, Text(CustomStatus),
            status == OrchestrationStatus.Failed ? new FailureDetails("OrchestrationFailed", Output is { ValueKind: JsonValueKind.String } words ? words.GetString()! : output ?? "") : null);
    }

    public static string? Text(JsonElement? json) => json is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value ? value.GetRawText() : null;
}

/// <summary>One entry of a shown history: requests are joined with what came of them, and left out once they have ended.</summary>
/// <param name="Result">What came out.</param>
/// <param name="Reason">Why it failed, or was stopped.</param>
internal sealed record ExtensionEvent(
    string EventType, DateTimeOffset Timestamp, DateTimeOffset? ScheduledTime, DateTimeOffset? FireAt, string? Name, string? FunctionName, JsonElement? Input, JsonElement? Result,
    string? Reason, string? Details, string? InstanceId);
