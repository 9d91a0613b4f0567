namespace Dweb.Durable.Wire;

/// <summary>
/// How history keeps that an instance runs a patch: as an event that it sends to itself, because that is what every engine records under
/// an action's number. Whoever receives one drops it; an engine that knows the mark need not deliver it.
/// </summary>
internal static class PatchMarkers
{
    private const string Prefix = "dweb-patch:";

    public static OrchestratorAction Action(int id, string instanceId, string patch) => new()
    {
        Id = id,
        SendEvent = new() { Instance = new() { InstanceId = instanceId }, Name = Prefix + patch },
    };

    public static bool IsMarker(string eventName) => eventName.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    public static string? PatchOf(HistoryEvent e) => e.EventSent is { } sent && IsMarker(sent.Name) ? sent.Name[Prefix.Length..] : null;

    public static string Describe(string eventName) => IsMarker(eventName) ? $"IsPatched {eventName[Prefix.Length..]}" : $"SendEvent {eventName}";
}
