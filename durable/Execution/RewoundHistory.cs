using Dweb.Durable.Wire;
using Kind = Dweb.Durable.Wire.HistoryEvent.KindOneofCase;

namespace Dweb.Durable.Execution;

/// <summary>
/// The history of a failed instance without what it failed of, so that a replay comes to where it was before. Failed activities are taken out with
/// their request, which the replay makes again; of failed sub-orchestrations the request stays, for the engine to rewind them too.
/// </summary>
internal static class RewoundHistory
{
    public static bool IsAskedFor(OrchestratorRequest request) =>
        request.NewEvents.Any(e => e.KindCase == Kind.ExecutionRewound) && request.PastEvents.Any(e => e.KindCase == Kind.ExecutionCompleted);

    /// <summary>Whether nothing has happened since the rewind.</summary>
    public static bool IsLast(IEnumerable<HistoryEvent> past) =>
        past.LastOrDefault(e => e.KindCase is not (Kind.OrchestratorStarted or Kind.OrchestratorCompleted)) is { KindCase: Kind.ExecutionRewound };

    /// <summary>A failure goes when the replay asked for nothing on it, or ended by it. A retry, or another way taken, stays as it was.</summary>
    /// <param name="nextIds">The number of the next action before each past event, and after the last.</param>
    /// <param name="ending">The past event at which the orchestrator ended.</param>
    public static IEnumerable<HistoryEvent> ByReplay(OrchestratorRequest request, IReadOnlyList<int> nextIds, int ending)
    {
        HashSet<HistoryEvent> undone = new(ReferenceEqualityComparer.Instance);
        foreach (var (index, e) in request.PastEvents.Index())
        {
            if (IsFailure(e) && (index >= ending || nextIds[index] == nextIds[index + 1]))
            {
                undone.Add(e);
            }
        }
        return Without(request, undone, nextIds[ending]);
    }

    /// <summary>The failures of the last turn go, and those of turns that asked for nothing.</summary>
    public static IEnumerable<HistoryEvent> ByTurns(OrchestratorRequest request)
    {
        HashSet<HistoryEvent> undone = new(ReferenceEqualityComparer.Instance);
        List<HistoryEvent> failures = [];
        var firstOfTurn = int.MaxValue;
        foreach (var e in request.PastEvents)
        {
            if (e.KindCase == Kind.OrchestratorStarted)
            {
                undone.UnionWith(firstOfTurn == int.MaxValue ? failures : []);
                failures.Clear();
                firstOfTurn = int.MaxValue;
            }
            else if (IsFailure(e))
            {
                failures.Add(e);
            }
            else if (IsRequest(e))
            {
                firstOfTurn = Math.Min(firstOfTurn, e.EventId);
            }
        }
        undone.UnionWith(failures);
        return Without(request, undone, firstOfTurn);
    }

    private static IEnumerable<HistoryEvent> Without(OrchestratorRequest request, HashSet<HistoryEvent> undone, int cut)
    {
        var failedActivities = undone.Where(e => e.TaskFailed is not null).Select(e => e.TaskFailed.TaskScheduledId).ToHashSet();
        return request.PastEvents
            .Where(e => e.KindCase != Kind.ExecutionCompleted && !undone.Contains(e))
            .Where(e => !IsRequest(e) || (e.EventId < cut && !(e.TaskScheduled is not null && failedActivities.Contains(e.EventId))))
            .Concat(request.NewEvents);
    }

    private static bool IsFailure(HistoryEvent e) => e.KindCase is Kind.TaskFailed or Kind.SubOrchestrationFailed;

    private static bool IsRequest(HistoryEvent e) => e.KindCase is Kind.TaskScheduled or Kind.SubOrchestrationCreated or Kind.TimerCreated or Kind.EventSent;
}
