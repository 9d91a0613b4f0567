using Dweb.Durable.Wire;

namespace Dweb.Durable.Execution;

/// <summary>Requests that wait for their completion. A completion of an unknown number (a second delivery, a cancelled timer) is ignored.</summary>
internal sealed class OpenTasks
{
    private readonly Dictionary<int, (string Name, TaskCompletionSource<string?> Source)> _open = [];

    public int Count => _open.Count;

    public Task<string?> Open(int id, string name)
    {
        var source = new TaskCompletionSource<string?>();
        _open.Add(id, (name, source));
        return source.Task;
    }

    public void Complete(int id, string? result)
    {
        if (_open.Remove(id, out var task))
        {
            TurnScheduler.Outside(() => task.Source.SetResult(result));
        }
    }

    public void Fail(int id, WireFailure? failure)
    {
        if (_open.Remove(id, out var task))
        {
            TurnScheduler.Outside(() => task.Source.SetException(new TaskFailedException(task.Name, id, Failures.FromWire(failure))));
        }
    }

    public void Cancel(int id, CancellationToken ct)
    {
        if (_open.Remove(id, out var task))
        {
            TurnScheduler.Outside(() => task.Source.SetCanceled(ct));
        }
    }
}
