using System.Globalization;
using Dweb.Durable.Storage;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Hub;

/// <summary>Something an instance has said to another in a committed page. Saying it twice must do no harm.</summary>
internal abstract record Message;

internal sealed record StartChild(string ChildId, string Name, string? Input, ParentInstanceInfo Parent, int ParentGeneration, string? Version) : Message
{
    public NewInstance ToInstance() => new(ChildId, Name, Input, Parent, ParentGeneration, Version);
}

/// <param name="Child">Its start, should it be gone.</param>
/// <param name="StartKeys">What it may have been started with before; another instance of the same id is not this child.</param>
internal sealed record RewindChild(StartChild Child, IReadOnlySet<string> StartKeys, InboxRow Inbox) : Message;

internal sealed record TellInstance(string Target, InboxRow Inbox) : Message;

/// <summary>Reads from a page what has to be delivered after its commit.</summary>
internal static class Outbound
{
    public static IReadOnlyList<Message> Of(InstanceHistory history, int generation, HistoryPage page)
    {
        List<Message> messages = [];
        foreach (var e in page.Events)
        {
            switch (e.KindCase)
            {
                case HistoryEvent.KindOneofCase.EventSent when PatchMarkers.PatchOf(e) is null:
                    var raised = HistoryEvents.Raised(e.Timestamp.ToDateTimeOffset(), e.EventSent.Name, e.EventSent.Input);
                    messages.Add(new TellInstance(e.EventSent.InstanceId, Inbox(history, generation, Action(e.EventId), raised)));
                    break;
                case HistoryEvent.KindOneofCase.SubOrchestrationCreated:
                    messages.Add(Child(history, generation, e));
                    break;
                case HistoryEvent.KindOneofCase.ExecutionRewound:
                    messages.AddRange(Rewinds(history, generation, e));
                    break;
                case HistoryEvent.KindOneofCase.ExecutionCompleted when e.ExecutionCompleted.Status != WireStatus.ContinuedAsNew:
                    messages.AddRange(AtEnd(history, generation, page, e));
                    break;
                default:
                    break;
            }
        }
        return messages;
    }

    /// <summary>Children that are open in a rewound history are those whose failure was taken out of it.</summary>
    private static IEnumerable<Message> Rewinds(InstanceHistory history, int generation, HistoryEvent e)
    {
        // Each rewind begins a generation, and a child is known by the one that its parent had when it was started.
        var oldest = generation - history.Past.Count(past => past.ExecutionRewound is not null);
        foreach (var created in history.Past.Where(past => past.SubOrchestrationCreated is not null && history.OpenChildren.ContainsKey(past.EventId)))
        {
            var starts = Enumerable.Range(oldest, generation - oldest).Select(earlier => Child(history, earlier, created).ToInstance().StartKey());
            var child = Child(history, generation, created);
            var told = HistoryEvents.Rewound(e.Timestamp.ToDateTimeOffset(), e.ExecutionRewound.Reason);
            yield return new RewindChild(child, starts.ToHashSet(StringComparer.Ordinal), Inbox(history, generation, $"w{Action(created.EventId)}", told));
        }
    }

    private static StartChild Child(InstanceHistory history, int generation, HistoryEvent e) => new(
        e.SubOrchestrationCreated.InstanceId, e.SubOrchestrationCreated.Name, e.SubOrchestrationCreated.Input, new ParentInstanceInfo
        {
            TaskScheduledId = e.EventId,
            Name = history.Row.Name,
            OrchestrationInstance = new() { InstanceId = history.Row.InstanceId },
        }, generation, e.SubOrchestrationCreated.Version);

    private static IEnumerable<Message> AtEnd(InstanceHistory history, int generation, HistoryPage page, HistoryEvent end)
    {
        var at = end.Timestamp.ToDateTimeOffset();
        if (history.Started.ParentInstance is { } parent)
        {
            var told = HistoryEvents.ChildEnded(at, parent.TaskScheduledId, end.ExecutionCompleted);
            yield return new TellInstance(parent.OrchestrationInstance.InstanceId, Inbox(history, generation, Action(end.EventId), told));
        }
        if (page.Events.FirstOrDefault(e => e.ExecutionTerminated is { Recurse: true }) is not { } terminated)
        {
            yield break;
        }
        foreach (var (taskId, child) in history.OpenChildren)
        {
            var told = HistoryEvents.Terminated(at, terminated.ExecutionTerminated.Input);
            yield return new TellInstance(child, Inbox(history, generation, $"t{Action(taskId)}", told));
        }
    }

    private static InboxRow Inbox(InstanceHistory history, int generation, string action, HistoryEvent e) =>
        new(RowKeys.FromInstance(history.Row.InstanceId, generation, $"{action}{history.Row.Life}"), history.Row.InstanceId, e.Timestamp.ToDateTimeOffset().UtcTicks, e);

    private static string Action(int id) => id.ToString("x8", CultureInfo.InvariantCulture);
}
