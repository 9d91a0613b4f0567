using Dweb.Durable.Storage;

namespace Dweb.Durable.Hub;

/// <summary>How the history of an instance comes into memory, and leaves it while the instance waits.</summary>
internal sealed partial class InstanceActor
{
    private (int Generation, int Page)? _delivered;

    public bool HoldsHistory
    {
        get
        {
            lock (_gate)
            {
                return _history is not null;
            }
        }
    }

    /// <summary>Gives up the history of an instance that waits; what arrives has it read again.</summary>
    public void LeaveMemory()
    {
        lock (_gate)
        {
            if (_running || _history is not { } history)
            {
                return;
            }
            // Else a reload would say again what has long been heard.
            _delivered = _delivery.IsCompletedSuccessfully ? (history.Row.OutboundGeneration, history.Row.OutboundPage) : null;
            _history = null;
        }
    }

    private async Task<bool> ReloadAsync()
    {
        // What was being delivered is found again in the storage.
        await _delivery;
        HashSet<Arrival> before;
        lock (_gate)
        {
            before = _mailbox.FromInbox();
        }
        if (await LoadAsync() is not { } loaded)
        {
            return false;
        }
        var history = loaded.History;
        lock (_gate)
        {
            _history = history;
            _mailbox.Reread(before, loaded.Inbox);
        }
        if (!history.Row.Status.IsTerminal())
        {
            Open(history);
        }
        var isDelivered = _delivered == (history.Row.OutboundGeneration, history.Row.OutboundPage);
        _delivered = null;
        var messages = loaded.Undelivered is { } undelivered && !isDelivered ? Outbound.Of(history, undelivered.Generation, undelivered.Page) : [];
        _delivery = engine.DeliverAllAsync(history.Row, messages, loaded.HasOldPages);
        return true;
    }

    /// <summary>Only the entry in the index was written, so nobody was told that there is such an instance. One that is started meanwhile has an entry of its own.</summary>
    private Task DropIndexEntryAsync() => IndexEntry is { } version
        ? engine.Store.DeleteAsync(HubTable.Live, RowKeys.LivePartition, RowKeys.Escape(InstanceId), version, engine.Aborted)
        : Task.CompletedTask;

    private async Task<LoadedInstance?> LoadAsync()
    {
        await engine.Loads.WaitAsync(engine.Aborted);
        try
        {
            return await InstanceLoader.LoadAsync(engine.Store, InstanceId, engine.Aborted);
        }
        finally
        {
            engine.Loads.Release();
        }
    }

    /// <summary>Sees to it that what the history waits for is under way.</summary>
    private void Open(InstanceHistory history)
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
}
