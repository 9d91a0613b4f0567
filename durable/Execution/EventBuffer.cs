using Dweb.Durable.Wire;

namespace Dweb.Durable.Execution;

/// <summary>Events that arrived before anyone waited, and waiters that came before their event. Names are compared without regard to case.</summary>
internal sealed class EventBuffer
{
    private readonly Dictionary<string, LinkedList<(long Arrival, HistoryEvent Event)>> _arrived = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, LinkedList<TaskCompletionSource<string?>>> _waiting = new(StringComparer.OrdinalIgnoreCase);
    private long _arrivals;

    public int Waiters { get; private set; }

    public void Raise(HistoryEvent raised)
    {
        var name = raised.EventRaised.Name;
        if (_waiting.TryGetValue(name, out var waiters) && waiters.First is { } first)
        {
            waiters.RemoveFirst();
            Waiters--;
            TurnScheduler.Outside(() => first.Value.SetResult(raised.EventRaised.Input));
            return;
        }
        if (!_arrived.TryGetValue(name, out var queue))
        {
            _arrived.Add(name, queue = []);
        }
        queue.AddLast((_arrivals++, raised));
    }

    public bool TryTake(string name, out string? payload)
    {
        if (_arrived.TryGetValue(name, out var queue) && queue.First is { } first)
        {
            queue.RemoveFirst();
            payload = first.Value.Event.EventRaised.Input;
            return true;
        }
        payload = null;
        return false;
    }

    public Task<string?> Wait(string name, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return Task.FromCanceled<string?>(ct);
        }
        if (TryTake(name, out var payload))
        {
            return Task.FromResult(payload);
        }
        var waiter = new TaskCompletionSource<string?>();
        if (!_waiting.TryGetValue(name, out var waiters))
        {
            _waiting.Add(name, waiters = []);
        }
        waiters.AddLast(waiter);
        Waiters++;
        ct.Register(() =>
        {
            if (waiters.Remove(waiter))
            {
                Waiters--;
                TurnScheduler.Outside(() => waiter.SetCanceled(ct));
            }
        });
        return waiter.Task;
    }

    /// <summary>What nobody has taken, in order of arrival.</summary>
    public IEnumerable<HistoryEvent> Untaken() => _arrived.Values.SelectMany(queue => queue).OrderBy(e => e.Arrival).Select(e => e.Event);
}
