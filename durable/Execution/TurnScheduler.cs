using System.Collections.Concurrent;

namespace Dweb.Durable.Execution;

/// <summary>
/// The one thread an orchestrator runs on during a turn. Continuations queue here in order; one that comes from another
/// thread is not run, because its place in that order would be chance, and is remembered as a fault. So is code of the
/// orchestrator that appears on another thread: whoever starts one takes the turn along in what flows with the call.
/// </summary>
internal sealed class TurnScheduler(Action<string> afterTurn) : SynchronizationContext
{
    private static readonly AsyncLocal<TurnScheduler?> Flowing = new(change => change.CurrentValue?.AppearedOnThisThread());
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly int _owner = Environment.CurrentManagedThreadId;
    private volatile bool _closed;

    /// <summary>What left the turn's thread, or null.</summary>
    public string? Fault => _faults.IsEmpty ? null : string.Join("; ", _faults.Distinct(StringComparer.Ordinal));

    public bool OnTurn => !_closed && Environment.CurrentManagedThreadId == _owner;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (OnTurn)
        {
            _ready.Enqueue((d, state));
            return;
        }
        Report("a continuation of the orchestrator came from another thread, so it awaited a task that is not from its context");
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("An orchestrator's turn takes no synchronous calls from outside.");

    public override SynchronizationContext CreateCopy() => this;

    public void ThrowIfOffTurn(string member)
    {
        if (OnTurn)
        {
            return;
        }
        Report($"{member} was called from outside the orchestrator's turn");
        throw new ForeignTaskException($"{member} was called from outside the orchestrator's turn; await only tasks that come from the context.");
    }

    /// <summary>Runs code of the orchestrator, so that what it awaits comes back here and what it starts elsewhere is seen.</summary>
    public void Inside(Action action)
    {
        var (previous, flowing) = (Current, Flowing.Value);
        SetSynchronizationContext(this);
        Flowing.Value = this;
        try
        {
            action();
        }
        finally
        {
            Flowing.Value = flowing;
            SetSynchronizationContext(previous);
        }
    }

    /// <summary>Completes a task with no context set: those who captured this scheduler are queued, those who did not continue on this same thread.</summary>
    public static void Outside(Action complete)
    {
        var previous = Current;
        SetSynchronizationContext(null);
        try
        {
            complete();
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }

    public void RunUntilIdle() => Inside(() =>
    {
        while (_ready.TryDequeue(out var next))
        {
            next.Callback(next.State);
        }
    });

    public void Close() => _closed = true;

    private void AppearedOnThisThread()
    {
        if (Environment.CurrentManagedThreadId != _owner)
        {
            Report("it ran code on another thread (Task.Run, a thread of its own, a timer or I/O)");
        }
    }

    private void Report(string fault)
    {
        if (_closed)
        {
            afterTurn(fault);
            return;
        }
        _faults.Enqueue(fault);
    }
}
