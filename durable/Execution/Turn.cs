using Dweb.Durable.Wire;
using Kind = Dweb.Durable.Wire.HistoryEvent.KindOneofCase;

namespace Dweb.Durable.Execution;

/// <summary>One work item: replays the past, takes in what is new, and answers with what the orchestrator asks for next.</summary>
internal sealed class Turn(OrchestratorRequest request, OrchestrationRegistry registry, TurnScheduler scheduler)
{
    private readonly ReplayContext _context = new(request.InstanceId, scheduler, new PatchRecord(request.PastEvents));
    private readonly List<HistoryEvent> _heldBack = [];
    private readonly List<HistoryEvent> _afterEnd = [];
    private string _name = "?";
    private bool _suspended;
    private Task<string?>? _orchestrator;
    private CompleteOrchestrationAction? _end;

    public OrchestratorResponse Run()
    {
        if (RewoundHistory.IsAskedFor(request))
        {
            return Rewind();
        }
        try
        {
            TakeAll(request.PastEvents, replaying: true);
            ThrowIfPastDiffers();
            TakeAll(request.NewEvents, replaying: false);
            ThrowIfForeign();
        }
        catch (Exception fault) when (fault is NonDeterminismException or ForeignTaskException)
        {
            return Answer([], Failed(fault));
        }
        return Answer(_context.Actions.Unconfirmed, _end);
    }

    private void TakeAll(IEnumerable<HistoryEvent> events, bool replaying)
    {
        _context.SetReplaying(replaying);
        foreach (var e in events)
        {
            Take(e);
        }
    }

    /// <summary>Replays what has failed, to see which failures the orchestrator has not answered, and gives the history without them.</summary>
    private OrchestratorResponse Rewind()
    {
        List<int> nextIds = new(request.PastEvents.Count + 1);
        var ending = -1;
        _context.SetReplaying(true);
        try
        {
            foreach (var e in request.PastEvents)
            {
                nextIds.Add(_context.Actions.NextId);
                Take(e);
                ending = ending < 0 && _end is not null ? nextIds.Count - 1 : ending;
            }
        }
        catch (NonDeterminismException)
        {
            // The code has changed since; the history alone must say where the failed turn began.
            ending = -1;
        }
        nextIds.Add(_context.Actions.NextId);
        var history = ending < 0 ? RewoundHistory.ByTurns(request) : RewoundHistory.ByReplay(request, nextIds, ending);
        var rewind = new RewindOrchestrationAction();
        rewind.NewHistory.AddRange(history);
        return new() { InstanceId = request.InstanceId, Actions = { new OrchestratorAction { Id = -1, RewindOrchestration = rewind } } };
    }

    private void ThrowIfPastDiffers()
    {
        // After a rewind the requests whose failure was taken out are made again.
        if (request.PastEvents.Count == 0 || RewoundHistory.IsLast(request.PastEvents))
        {
            return;
        }
        _context.Actions.ThrowIfUnconfirmed();
        if (_orchestrator is { IsCompletedSuccessfully: true } && _end is { OrchestrationStatus: not WireStatus.Terminated }
            && !request.PastEvents.Any(e => e.KindCase == Kind.ExecutionCompleted))
        {
            throw new NonDeterminismException(
                $"Instance {request.InstanceId} replayed its end at event {_context.Actions.NextId} where history goes on.");
        }
    }

    private void Take(HistoryEvent e)
    {
        switch (e.KindCase)
        {
            case Kind.OrchestratorStarted:
                _context.SetTime(e.Timestamp);
                break;
            case Kind.TaskScheduled or Kind.SubOrchestrationCreated or Kind.TimerCreated or Kind.EventSent:
                _context.Actions.Confirm(e);
                break;
            case var _ when _end is not null:
                _afterEnd.Add(e);
                break;
            case Kind.ExecutionStarted:
                Start(e.ExecutionStarted);
                break;
            case Kind.ExecutionTerminated:
                _end = new() { OrchestrationStatus = WireStatus.Terminated, Result = e.ExecutionTerminated.Input };
                break;
            case Kind.ExecutionSuspended:
                _suspended = true;
                break;
            case Kind.ExecutionResumed:
                Resume();
                break;
            case var _ when _suspended:
                _heldBack.Add(e);
                break;
            default:
                Complete(e);
                break;
        }
    }

    private void Resume()
    {
        _suspended = false;
        var held = _heldBack.ToArray();
        _heldBack.Clear();
        foreach (var e in held)
        {
            Take(e);
        }
    }

    private void Start(ExecutionStartedEvent started)
    {
        if (_orchestrator is not null)
        {
            return;
        }
        _name = started.Name;
        if (registry.FindOrchestration(started.Name) is not { } registered)
        {
            _orchestrator = Task.FromException<string?>(new KeyNotFoundException($"This worker has no orchestration '{started.Name}'."));
        }
        else
        {
            _context.Begin(registered, started);
            scheduler.Inside(() => _orchestrator = registered.Run(_context, started.Input));
        }
        Advance();
    }

    private void Complete(HistoryEvent e)
    {
        switch (e.KindCase)
        {
            case Kind.TaskCompleted:
                _context.Tasks.Complete(e.TaskCompleted.TaskScheduledId, e.TaskCompleted.Result);
                break;
            case Kind.TaskFailed:
                _context.Tasks.Fail(e.TaskFailed.TaskScheduledId, e.TaskFailed.FailureDetails);
                break;
            case Kind.SubOrchestrationCompleted:
                _context.Tasks.Complete(e.SubOrchestrationCompleted.TaskScheduledId, e.SubOrchestrationCompleted.Result);
                break;
            case Kind.SubOrchestrationFailed:
                _context.Tasks.Fail(e.SubOrchestrationFailed.TaskScheduledId, e.SubOrchestrationFailed.FailureDetails);
                break;
            case Kind.TimerFired:
                _context.Tasks.Complete(e.TimerFired.TimerId, null);
                break;
            case Kind.EventRaised when PatchMarkers.IsMarker(e.EventRaised.Name):
                return;
            case Kind.EventRaised:
                _context.Events.Raise(e);
                break;
            default:
                return;
        }
        Advance();
    }

    private void Advance()
    {
        scheduler.RunUntilIdle();
        if (_orchestrator is not { IsCompleted: true })
        {
            return;
        }
        _end = _orchestrator.IsCompletedSuccessfully ? Ended(_orchestrator.Result) : Failed(FaultOf(_orchestrator));
    }

    private CompleteOrchestrationAction Ended(string? result) => _context.Renewal is { } renewal
        ? new() { OrchestrationStatus = WireStatus.ContinuedAsNew, Result = renewal.Input, NewVersion = renewal.Version ?? _context.Version }
        : new() { OrchestrationStatus = WireStatus.Completed, Result = result };

    private static CompleteOrchestrationAction Failed(Exception fault) =>
        new() { OrchestrationStatus = WireStatus.Failed, FailureDetails = Failures.ToWire(FailureDetails.From(fault)) };

    private static Exception FaultOf(Task task) => task.Exception?.InnerException ?? new TaskCanceledException(task);

    private void ThrowIfForeign()
    {
        var isStuck = _end is null && _orchestrator is not null && !_suspended && _context.Tasks.Count == 0 && _context.Events.Waiters == 0;
        string?[] faults =
        [
            scheduler.Fault,
            isStuck ? "it waits for a task that is not from its context, and has no open activity, timer, event or sub-orchestration" : null,
        ];
        if (Array.Exists(faults, fault => fault is not null))
        {
            throw new ForeignTaskException($"Orchestration '{_name}', instance {request.InstanceId}: {string.Join("; ", faults.Where(fault => fault is not null))}.");
        }
    }

    private OrchestratorResponse Answer(IEnumerable<OrchestratorAction> actions, CompleteOrchestrationAction? end)
    {
        var response = new OrchestratorResponse { InstanceId = request.InstanceId, CustomStatus = _context.CustomStatus };
        response.Actions.AddRange(actions);
        if (end is not null)
        {
            if (end.OrchestrationStatus == WireStatus.ContinuedAsNew && _context.Renewal is { KeepEvents: true })
            {
                end.CarryoverEvents.AddRange(_context.Events.Untaken().Concat(_afterEnd.Where(e => e.KindCase == Kind.EventRaised && !PatchMarkers.IsMarker(e.EventRaised.Name))));
            }
            response.Actions.Add(new OrchestratorAction { Id = _context.Actions.TakeId(), CompleteOrchestration = end });
        }
        return response;
    }
}
