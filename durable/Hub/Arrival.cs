using Dweb.Durable.Wire;

namespace Dweb.Durable.Hub;

/// <summary>
/// An event an instance has yet to take in. From the inbox: it has a row key. From this process (an activity's result, a timer):
/// it belongs to a generation and, if lost in a crash, is made again from the history.
/// </summary>
internal sealed record Arrival(string? InboxKey, string? Sender, int Generation, HistoryEvent Event)
{
    /// <summary>The same for two deliveries of one thing.</summary>
    public string Key { get; } = InboxKey ?? Event.KindCase switch
    {
        HistoryEvent.KindOneofCase.TaskCompleted => $"{Generation}|a|{Event.TaskCompleted.TaskScheduledId}",
        HistoryEvent.KindOneofCase.TaskFailed => $"{Generation}|a|{Event.TaskFailed.TaskScheduledId}",
        HistoryEvent.KindOneofCase.TimerFired => $"{Generation}|t|{Event.TimerFired.TimerId}",
        _ => throw new ArgumentException($"'{Event.KindCase}' must come by the inbox.", nameof(Event)),
    };

    public static Arrival Local(int generation, HistoryEvent completion) => new(null, null, generation, completion);

    public static Arrival FromInbox(Storage.InboxRow row) => new(row.Key, row.Sender, -1, row.Event);
}
