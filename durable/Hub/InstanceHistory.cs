using Dweb.Durable.Storage;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Hub;

/// <summary>What the hub holds in memory of an instance: its row as last committed, the events of its generation, and what is open.</summary>
internal sealed class InstanceHistory(InstanceRow row, HistoryPage seed)
{
    /// <summary>How many inbox keys outlive a generation, so that a late second delivery is still recognised.</summary>
    public const int RememberedKeys = 1_000;

    private readonly List<HistoryEvent> _past = [];
    private readonly List<string> _consumed = [.. seed.Consumed];
    private readonly HashSet<string> _consumedSet = new(seed.Consumed, StringComparer.Ordinal);

    public InstanceRow Row { get; set; } = row;

    /// <summary>Committed events that a turn has seen.</summary>
    public IReadOnlyList<HistoryEvent> Past => _past;

    /// <summary>The generation's first events until its first turn is committed; afterwards null.</summary>
    public HistoryPage? Seed { get; private set; } = seed;

    public ExecutionStartedEvent Started { get; } = seed.Events.First(e => e.ExecutionStarted is not null).ExecutionStarted;

    public Dictionary<int, TaskScheduledEvent> OpenActivities { get; } = [];

    public Dictionary<int, DateTimeOffset> OpenTimers { get; } = [];

    /// <summary>Instance ids of open sub-orchestrations by task id.</summary>
    public Dictionary<int, string> OpenChildren { get; } = [];

    public bool IsSuspended { get; private set; }

    /// <summary>It was rewound and its first turn since is not committed: a turn is due although nothing has arrived.</summary>
    public bool IsJustRewound => _past.Count > 0 && _past[^1].ExecutionRewound is not null;

    public bool HasConsumed(string inboxKey) => _consumedSet.Contains(inboxKey);

    public IEnumerable<string> KeysToRemember => _consumed.TakeLast(RememberedKeys);

    /// <summary>Whether the orchestrator may still be waiting for this; completions of what is closed or of another generation are not.</summary>
    public bool Expects(Arrival arrival) => arrival.Event.KindCase switch
    {
        _ when arrival.InboxKey is null && arrival.Generation != Row.Generation => false,
        HistoryEvent.KindOneofCase.ExecutionRewound => false,
        HistoryEvent.KindOneofCase.TaskCompleted => OpenActivities.ContainsKey(arrival.Event.TaskCompleted.TaskScheduledId),
        HistoryEvent.KindOneofCase.TaskFailed => OpenActivities.ContainsKey(arrival.Event.TaskFailed.TaskScheduledId),
        HistoryEvent.KindOneofCase.TimerFired => OpenTimers.ContainsKey(arrival.Event.TimerFired.TimerId),
        HistoryEvent.KindOneofCase.SubOrchestrationCompleted => IsOpenChild(arrival.Event.SubOrchestrationCompleted.TaskScheduledId, arrival.Sender),
        HistoryEvent.KindOneofCase.SubOrchestrationFailed => IsOpenChild(arrival.Event.SubOrchestrationFailed.TaskScheduledId, arrival.Sender),
        _ => true,
    };

    /// <summary>Takes in a committed page of this generation.</summary>
    public void Apply(HistoryPage page)
    {
        if (Seed is { } first)
        {
            Seed = null;
            AddAll(first.Events);
        }
        AddAll(page.Events);
        _consumed.AddRange(page.Consumed);
        _consumedSet.UnionWith(page.Consumed);
    }

    private bool IsOpenChild(int taskId, string? sender) => OpenChildren.TryGetValue(taskId, out var child) && child == sender;

    private void AddAll(IEnumerable<HistoryEvent> events)
    {
        foreach (var e in events)
        {
            _past.Add(e);
            Track(e);
        }
    }

    private void Track(HistoryEvent e)
    {
        switch (e.KindCase)
        {
            case HistoryEvent.KindOneofCase.TaskScheduled:
                OpenActivities[e.EventId] = e.TaskScheduled;
                break;
            case HistoryEvent.KindOneofCase.TaskCompleted:
                OpenActivities.Remove(e.TaskCompleted.TaskScheduledId);
                break;
            case HistoryEvent.KindOneofCase.TaskFailed:
                OpenActivities.Remove(e.TaskFailed.TaskScheduledId);
                break;
            case HistoryEvent.KindOneofCase.TimerCreated:
                OpenTimers[e.EventId] = e.TimerCreated.FireAt.ToDateTimeOffset();
                break;
            case HistoryEvent.KindOneofCase.TimerFired:
                OpenTimers.Remove(e.TimerFired.TimerId);
                break;
            case HistoryEvent.KindOneofCase.SubOrchestrationCreated:
                OpenChildren[e.EventId] = e.SubOrchestrationCreated.InstanceId;
                break;
            case HistoryEvent.KindOneofCase.SubOrchestrationCompleted:
                OpenChildren.Remove(e.SubOrchestrationCompleted.TaskScheduledId);
                break;
            case HistoryEvent.KindOneofCase.SubOrchestrationFailed:
                OpenChildren.Remove(e.SubOrchestrationFailed.TaskScheduledId);
                break;
            case HistoryEvent.KindOneofCase.ExecutionSuspended:
                IsSuspended = true;
                break;
            case HistoryEvent.KindOneofCase.ExecutionResumed:
                IsSuspended = false;
                break;
            default:
                break;
        }
    }
}
