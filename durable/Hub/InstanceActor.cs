using Dweb.Durable.Storage;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Hub;

/// <summary>
/// Runs one instance, a work item at a time. What arrives during a turn waits and is one batch for the next. An arrival is forgotten
/// only when the commit that took it in has succeeded, so that a failed commit loses nothing.
/// </summary>
internal sealed partial class InstanceActor(HubEngine engine, string instanceId)
{
    private const int MaxInboxRowsPerCommit = 90;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, Arrival> _pending = new(StringComparer.Ordinal);
    private readonly HashSet<(int Generation, int TaskId)> _dispatched = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private InstanceHistory? _history;
    private Task _delivery = Task.CompletedTask;
    private bool _running;
    private bool _isClosed;
    private int _failures;

    public string InstanceId { get; } = instanceId;

    /// <summary>Completes when the instance has reached its final status, or is gone.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Completes when nothing of the instance is left to do and it has left memory.</summary>
    public Task Closed => _closed.Task;

    /// <summary>False when the instance has left memory and takes nothing more.</summary>
    public bool Post(Arrival arrival)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }
            _pending[arrival.Key] = arrival;
            WakeLocked();
            return true;
        }
    }

    /// <summary>Begins with what a start has just committed. False when this actor has left memory.</summary>
    public bool Adopt(InstanceHistory history)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }
            _history ??= history;
            WakeLocked();
            return true;
        }
    }

    public void Wake()
    {
        lock (_gate)
        {
            WakeLocked();
        }
    }

    private void WakeLocked()
    {
        if (!_running && !_isClosed)
        {
            _running = true;
            engine.InFlight.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        while (!engine.Stopping.IsCancellationRequested)
        {
            try
            {
                if (await AdvanceAsync() is false)
                {
                    return;
                }
                _failures = 0;
            }
            catch (HubLeaseException lost)
            {
                LogStoppedByLease(engine.Logger, lost, InstanceId);
                return;
            }
            catch (OperationCanceledException) when (engine.Stopping.IsCancellationRequested)
            {
                return;
            }
            catch (StoreConflictException conflict)
            {
                LogFenced(engine.Logger, conflict, InstanceId, conflict.Status);
                _history = null;
                await RecoverAsync(confirmLease: true);
            }
#pragma warning disable CA1031 // An instance must not stop for a fault of the storage or the worker: it is told and tried again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogFault(engine.Logger, fault, InstanceId, _failures);
                _history = null;
                await RecoverAsync(confirmLease: false);
            }
        }
    }

    /// <summary>False when there is nothing to do now.</summary>
    private async Task<bool> AdvanceAsync()
    {
        if (_history is null && await ReloadAsync() is false)
        {
            return !CloseUnlessStarted();
        }
        var history = _history!;
        if (history.Row.Status.IsTerminal())
        {
            await FinishAsync(history);
            return false;
        }
        var batch = NextBatch();
        if (batch.Count > 0 || history.Seed is not null)
        {
            await StepAsync(history, batch);
            return true;
        }
        lock (_gate)
        {
            _running = _pending.Count > 0;
            return _running;
        }
    }

    private List<Arrival> NextBatch()
    {
        lock (_gate)
        {
            List<Arrival> batch = new(_pending.Count);
            var rows = 0;
            foreach (var arrival in _pending.Values)
            {
                if (arrival.InboxKey is null || rows++ < MaxInboxRowsPerCommit)
                {
                    batch.Add(arrival);
                }
            }
            return batch;
        }
    }

    private async Task StepAsync(InstanceHistory history, List<Arrival> batch)
    {
        var accepted = batch.FindAll(arrival => (arrival.InboxKey is null || !history.HasConsumed(arrival.InboxKey)) && history.Expects(arrival));
        if (accepted.Count > 0 || history.Seed is not null)
        {
            var now = engine.Time.GetUtcNow();
            var page = WorkItem.Open(accepted, now);
            var response = await engine.AskWorkerAsync(WorkItem.Request(history, page));
            var step = WorkItem.Close(history, page, response, now);
            await _delivery;
            var etag = await CommitAsync(history, step, batch);
            TakeIn(history, step with { Row = step.Row with { ETag = etag } });
        }
        else if (batch.Exists(arrival => arrival.InboxKey is not null))
        {
            await _delivery;
            var unchanged = history.Row with { OutboundPage = -1, OutboundGeneration = 0 };
            var transaction = new HubTransaction(history.Row.Partition).Merge(unchanged.ChangesSince(history.Row), history.Row.ETag);
            history.Row = unchanged with { ETag = await SubmitAsync(transaction, batch) };
        }
        lock (_gate)
        {
            foreach (var arrival in batch)
            {
                // One of the same key that was posted meanwhile may have a row of its own, which has to go too.
                if (_pending.TryGetValue(arrival.Key, out var waiting) && ReferenceEquals(waiting, arrival))
                {
                    _pending.Remove(arrival.Key);
                }
            }
        }
    }

    private async Task<Azure.ETag> CommitAsync(InstanceHistory history, Step step, List<Arrival> batch)
    {
        var transaction = new HubTransaction(history.Row.Partition).Merge(step.Row.ChangesSince(history.Row), history.Row.ETag);
        // A page that a new generation follows is kept only for what it says to others.
        if (step.NextSeed is null || step.HasOutbound)
        {
            await HistoryPages.WriteAsync(engine.Store, transaction, history.Row.Generation, history.Row.NextPage, step.Page, engine.Aborted);
        }
        if (step.NextSeed is { } seed)
        {
            await HistoryPages.WriteAsync(engine.Store, transaction, step.Row.Generation, 0, seed, engine.Aborted);
        }
        return await SubmitAsync(transaction, batch);
    }

    private async Task<Azure.ETag> SubmitAsync(HubTransaction transaction, List<Arrival> batch)
    {
        foreach (var arrival in batch)
        {
            if (arrival.InboxKey is { } key)
            {
                transaction.Delete(key, Azure.ETag.All);
            }
        }
        await engine.Lease.EnsureFreshAsync(engine.Aborted);
        return (await engine.Store.SubmitAsync(transaction, engine.Aborted))[0];
    }

    private void TakeIn(InstanceHistory history, Step step)
    {
        var generation = history.Row.Generation;
        history.Apply(step.Page);
        var messages = step.HasOutbound ? Outbound.Of(history, generation, step.Page) : [];
        history.Row = step.Row;
        foreach (var e in step.Page.Events)
        {
            if (e.TaskScheduled is { } call)
            {
                Dispatch(generation, e.EventId, call);
            }
            else if (e.TimerCreated is { } timer && step.NextSeed is null)
            {
                engine.Timers.Add(new(InstanceId, generation, e.EventId, timer.FireAt.ToDateTimeOffset()));
            }
        }
        if (step.NextSeed is { } seed)
        {
            _history = new InstanceHistory(step.Row, seed);
            _dispatched.Clear();
        }
        if (messages.Count > 0 || step.NextSeed is not null)
        {
            _delivery = engine.DeliverAllAsync(step.Row, messages, dropOldPages: step.NextSeed is not null);
        }
        if (step.Row.Status.IsTerminal())
        {
            _ended.TrySetResult();
        }
    }

    private void Dispatch(int generation, int taskId, TaskScheduledEvent call)
    {
        if (_dispatched.Add((generation, taskId)))
        {
            engine.Activities.Dispatch(this, generation, taskId, call);
        }
    }

    private async Task<bool> ReloadAsync()
    {
        // What was being delivered is found again in the storage.
        await _delivery;
        HashSet<Arrival> before;
        lock (_gate)
        {
            before = new(_pending.Values.Where(arrival => arrival.InboxKey is not null), ReferenceEqualityComparer.Instance);
        }
        if (await InstanceLoader.LoadAsync(engine.Store, InstanceId, engine.Aborted) is not { } loaded)
        {
            return false;
        }
        var history = loaded.History;
        lock (_gate)
        {
            _history = history;
            // What was posted while the inbox was read and is not in it was accepted after it. What was posted before and is not in it
            // has been taken in: the second delivery of an event whose first one was told sooner.
            var posted = _pending.Values.Where(arrival => !before.Contains(arrival)).ToArray();
            _pending.Clear();
            foreach (var arrival in loaded.Inbox.Select(Arrival.FromInbox).Concat(posted))
            {
                _pending.TryAdd(arrival.Key, arrival);
            }
        }
        if (!history.Row.Status.IsTerminal())
        {
            foreach (var (taskId, call) in history.OpenActivities)
            {
                Dispatch(history.Row.Generation, taskId, call);
            }
            foreach (var (timerId, fireAt) in history.OpenTimers)
            {
                engine.Timers.Add(new(InstanceId, history.Row.Generation, timerId, fireAt));
            }
        }
        var messages = loaded.Undelivered is { } undelivered ? Outbound.Of(history, undelivered.Generation, undelivered.Page) : [];
        _delivery = engine.DeliverAllAsync(history.Row, messages, loaded.HasOldPages);
        return true;
    }

    private async Task FinishAsync(InstanceHistory history)
    {
        _ended.TrySetResult();
        await _delivery;
        await engine.Store.DeleteAsync(HubTable.Live, RowKeys.LivePartition, history.Row.Partition, engine.Aborted);
        Close();
    }

    private async Task RecoverAsync(bool confirmLease)
    {
        try
        {
            if (confirmLease)
            {
                await engine.Lease.ConfirmAsync(engine.Aborted);
            }
            var pause = TimeSpan.FromMilliseconds(50 * Math.Pow(2, Math.Min(_failures++, 10)));
            await Task.Delay(pause < LongestPause ? pause : LongestPause, engine.Time, engine.Stopping);
        }
#pragma warning disable CA1031 // The loop ends if the hub stops or its lease is lost; anything else is met again by the next try.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFault(engine.Logger, fault, InstanceId, _failures);
        }
    }

    /// <summary>There was no such instance; but one may have been started since it was looked for.</summary>
    private bool CloseUnlessStarted()
    {
        lock (_gate)
        {
            if (_history is not null)
            {
                return false;
            }
            Close();
            return true;
        }
    }

    private void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _running = false;
            _pending.Clear();
        }
        engine.Forget(this);
        _ended.TrySetResult();
        _closed.TrySetResult();
    }
}
