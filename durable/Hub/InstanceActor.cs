using Dweb.Durable.Storage;

namespace Dweb.Durable.Hub;

/// <summary>
/// Runs one instance, a work item at a time. What arrives during a turn waits and is one batch for the next. An arrival is forgotten
/// only when the commit that took it in has succeeded, so that a failed commit loses nothing.
/// </summary>
internal sealed partial class InstanceActor(HubEngine engine, string instanceId)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly Mailbox _mailbox = new();
    private readonly HashSet<(int Generation, int TaskId)> _dispatched = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private InstanceHistory? _history;
    private Task _delivery = Task.CompletedTask;
    private bool _running;
    private bool _isClosed;
    private int _failures;

    public string InstanceId { get; } = instanceId;

    /// <summary>Version of the entry in the live index by which a start of the hub came to know of the instance.</summary>
    public Azure.ETag? IndexEntry { get; init; }

    /// <summary>Completes when the instance has reached its final status, or is gone.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Completes when this has left memory: nothing of the instance is left to do, or it was rewound and another one has it.</summary>
    public Task Closed => _closed.Task;

    /// <summary>False when this has left memory and takes nothing more; the instance may have come back in another one.</summary>
    public bool Post(Arrival arrival)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }
            _mailbox.Put(arrival);
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
            engine.Idle.Remove(this);
            engine.InFlight.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        while (!engine.Stopping.IsCancellationRequested)
        {
            var askedAt = engine.Outage.Now;
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
                (_history, _delivered) = (null, null);
                await RecoverAsync(confirmLease: true);
            }
#pragma warning disable CA1031 // An instance must not stop for a fault of the storage or the worker: it is told and tried again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Tell(fault, askedAt);
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
            await DropIndexEntryAsync();
            return !CloseUnlessStarted();
        }
        var history = _history!;
        if (history.Row.Status.IsTerminal())
        {
            if (PendingRewind() is { } rewind)
            {
                return !await RewindAsync(history, rewind);
            }
            return !await FinishAsync(history);
        }
        if (_isRewinding)
        {
            // The commit was not answered, and is in the storage.
            GoOnInAnother();
            return false;
        }
        List<Arrival> batch;
        lock (_gate)
        {
            batch = _mailbox.Batch();
        }
        if (batch.Count > 0 || history.Seed is not null || history.IsJustRewound)
        {
            await StepAsync(history, batch);
            return true;
        }
        return !Rest();
    }

    /// <summary>False when something has arrived meanwhile.</summary>
    private bool Rest()
    {
        InstanceActor? longest;
        lock (_gate)
        {
            if (_mailbox.Count > 0)
            {
                return false;
            }
            _running = false;
            longest = engine.Idle.Add(this);
        }
        longest?.LeaveMemory();
        return true;
    }

    /// <summary>False when a rewind came meanwhile.</summary>
    private async Task<bool> FinishAsync(InstanceHistory history)
    {
        _ended.TrySetResult();
        await _delivery;
        await engine.Store.DeleteAsync(HubTable.Live, RowKeys.LivePartition, history.Row.Partition, Azure.ETag.All, engine.Aborted);
        lock (_gate)
        {
            if (_mailbox.Rewind is not null)
            {
                return false;
            }
            Close();
            return true;
        }
    }

    private async Task RecoverAsync(bool confirmLease)
    {
        var askedAt = engine.Outage.Now;
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
            Tell(fault, askedAt);
        }
    }

    private void Tell(Exception fault, long askedAt)
    {
        if (StorageFault.IsOutage(fault))
        {
            // Told once for all instances; perhaps already, by whoever asked.
            engine.Outage.Missed(askedAt, fault);
            return;
        }
        LogFault(engine.Logger, fault, InstanceId, _failures);
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

    /// <summary>Whoever wants something of the instance from now on makes another actor, which reads the storage.</summary>
    private void Close(RewindResult toRewinds = RewindResult.NotFound)
    {
        lock (_gate)
        {
            _isClosed = true;
            _running = false;
            _mailbox.Clear();
        }
        engine.Forget(this);
        _ended.TrySetResult();
        AnswerRewinds(toRewinds);
        _closed.TrySetResult();
    }
}
