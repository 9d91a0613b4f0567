namespace Dweb.Durable.Hub;

/// <summary>Durable timers in memory, earliest first. What is past due fires at once. Built anew from histories at start.</summary>
internal sealed class TimerQueue : IAsyncDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);
    private readonly Lock _gate = new();
    private readonly PriorityQueue<DueTimer, DateTimeOffset> _queue = new();
    private readonly HashSet<DueTimer> _known = [];
    private readonly TimeProvider _time;
    private readonly Action<DueTimer> _fire;
    private readonly ITimer _clock;

    public TimerQueue(TimeProvider time, Action<DueTimer> fire)
    {
        _time = time;
        _fire = fire;
        _clock = time.CreateTimer(_ => FireDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    public void Add(DueTimer timer)
    {
        lock (_gate)
        {
            // An instance that comes back into memory brings its timers again.
            if (!_known.Add(timer))
            {
                return;
            }
            _queue.Enqueue(timer, timer.FireAt);
            if (_queue.Peek() == timer)
            {
                Arm(timer.FireAt);
            }
        }
    }

    public ValueTask DisposeAsync() => _clock.DisposeAsync();

    private void FireDue()
    {
        List<DueTimer> due = [];
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            while (_queue.TryPeek(out _, out var at) && at <= now)
            {
                var timer = _queue.Dequeue();
                _known.Remove(timer);
                due.Add(timer);
            }
            if (_queue.TryPeek(out _, out var next))
            {
                Arm(next);
            }
        }
        due.ForEach(_fire);
    }

    private void Arm(DateTimeOffset at)
    {
        var sleep = at - _time.GetUtcNow();
        // A clock of milliseconds must not wake before the time and find nothing due.
        var rounded = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, sleep.TotalMilliseconds)));
        _clock.Change(rounded > LongestSleep ? LongestSleep : rounded, Timeout.InfiniteTimeSpan);
    }
}

internal sealed record DueTimer(string InstanceId, int Generation, int TimerId, DateTimeOffset FireAt);
