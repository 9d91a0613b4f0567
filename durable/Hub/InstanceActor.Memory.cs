namespace Dweb.Durable.Hub;

/// <summary>How the history of an instance comes into memory.</summary>
internal sealed partial class InstanceActor
{
    private async Task<bool> ReloadAsync()
    {
        // What was being delivered is found again in the storage.
        await _delivery;
        HashSet<Arrival> before;
        lock (_gate)
        {
            before = _mailbox.FromInbox();
        }
        if (await InstanceLoader.LoadAsync(engine.Store, InstanceId, engine.Aborted) is not { } loaded)
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
        var messages = loaded.Undelivered is { } undelivered ? Outbound.Of(history, undelivered.Generation, undelivered.Page) : [];
        _delivery = engine.DeliverAllAsync(history.Row, messages, loaded.HasOldPages);
        return true;
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
