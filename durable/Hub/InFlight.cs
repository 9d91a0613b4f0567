using System.Collections.Concurrent;

namespace Dweb.Durable.Hub;

/// <summary>Work that was started and not awaited, so that a stop can wait for it.</summary>
internal sealed class InFlight
{
    private readonly ConcurrentDictionary<Task, bool> _tasks = new();

    public void Run(Func<Task> work)
    {
        var task = Task.Run(work);
        _tasks.TryAdd(task, true);
        _ = task.ContinueWith(done => _tasks.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Returns when nothing runs; work that is started meanwhile is waited for too.</summary>
    public async Task WhenIdleAsync(CancellationToken ct)
    {
        while (!_tasks.IsEmpty)
        {
            await Task.WhenAll(_tasks.Keys).WaitAsync(ct);
        }
    }
}
