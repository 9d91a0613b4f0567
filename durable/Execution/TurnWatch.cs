namespace Dweb.Durable.Execution;

/// <summary>
/// Watches one turn from outside. A turn only computes, so one whose thread sleeps or waits each time it is looked at is blocked; a turn that
/// is merely slow, or gets no processor, is not.
/// </summary>
internal sealed class TurnWatch : IDisposable
{
    private const int Looks = 5;
    private readonly TaskCompletionSource _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;
    private volatile Thread? _thread;
    private int _waiting;

    public TurnWatch(TimeProvider time, TimeSpan patience) => _timer = time.CreateTimer(_ => Look(), null, patience / Looks, patience / Looks);

    /// <summary>Completes when the turn's thread was found waiting throughout.</summary>
    public Task Blocked => _blocked.Task;

    public void Begin() => _thread = Thread.CurrentThread;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        _waiting = _thread is { } thread && thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin) ? _waiting + 1 : 0;
        if (_waiting >= Looks)
        {
            _blocked.TrySetResult();
        }
    }
}
