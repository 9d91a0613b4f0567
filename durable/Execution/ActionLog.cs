using Dweb.Durable.Wire;
using KindOfAction = Dweb.Durable.Wire.OrchestratorAction.KindOneofCase;
using KindOfEvent = Dweb.Durable.Wire.HistoryEvent.KindOneofCase;

namespace Dweb.Durable.Execution;

/// <summary>
/// What the orchestrator has asked for, numbered in order. History confirms each request with an event of the same number;
/// what it has not confirmed by the end is new and goes into the response.
/// </summary>
internal sealed class ActionLog(string instanceId)
{
    private readonly SortedDictionary<int, OrchestratorAction> _unconfirmed = [];
    private int _nextId;

    public int NextId => _nextId;

    public int TakeId() => _nextId++;

    public void Add(OrchestratorAction action) => _unconfirmed.Add(action.Id, action);

    public IEnumerable<OrchestratorAction> Unconfirmed => _unconfirmed.Values;

    public void Confirm(HistoryEvent recorded)
    {
        if (!_unconfirmed.Remove(recorded.EventId, out var asked))
        {
            throw new NonDeterminismException(
                $"Instance {instanceId} replayed nothing at event {recorded.EventId} where history has {Describe(recorded)}.");
        }
        if (!Matches(asked, recorded))
        {
            throw new NonDeterminismException(
                $"Instance {instanceId} replayed {Describe(asked)} at event {recorded.EventId} where history has {Describe(recorded)}.");
        }
    }

    public void ThrowIfUnconfirmed()
    {
        foreach (var (id, asked) in _unconfirmed)
        {
            throw new NonDeterminismException($"Instance {instanceId} replayed {Describe(asked)} at event {id} where history has nothing.");
        }
    }

    private static bool Matches(OrchestratorAction asked, HistoryEvent recorded) => (asked.KindCase, recorded.KindCase) switch
    {
        (KindOfAction.ScheduleTask, KindOfEvent.TaskScheduled) => asked.ScheduleTask.Name == recorded.TaskScheduled.Name,
        (KindOfAction.CreateSubOrchestration, KindOfEvent.SubOrchestrationCreated) =>
            asked.CreateSubOrchestration.Name == recorded.SubOrchestrationCreated.Name,
        (KindOfAction.CreateTimer, KindOfEvent.TimerCreated) => true,
        (KindOfAction.SendEvent, KindOfEvent.EventSent) => asked.SendEvent.Name == recorded.EventSent.Name,
        _ => false,
    };

    private static string Describe(OrchestratorAction action) => action.KindCase switch
    {
        KindOfAction.ScheduleTask => $"CallActivity {action.ScheduleTask.Name}",
        KindOfAction.CreateSubOrchestration => $"CallSubOrchestration {action.CreateSubOrchestration.Name}",
        KindOfAction.CreateTimer => "CreateTimer",
        KindOfAction.SendEvent => PatchMarkers.Describe(action.SendEvent.Name),
        _ => action.KindCase.ToString(),
    };

    private static string Describe(HistoryEvent recorded) => recorded.KindCase switch
    {
        KindOfEvent.TaskScheduled => $"CallActivity {recorded.TaskScheduled.Name}",
        KindOfEvent.SubOrchestrationCreated => $"CallSubOrchestration {recorded.SubOrchestrationCreated.Name}",
        KindOfEvent.TimerCreated => "CreateTimer",
        KindOfEvent.EventSent => PatchMarkers.Describe(recorded.EventSent.Name),
        _ => recorded.KindCase.ToString(),
    };
}
