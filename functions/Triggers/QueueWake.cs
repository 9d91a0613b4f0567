using System.Collections.Concurrent;

namespace Dweb.Functions.Triggers;

/// <summary>Tells a pump of this process that its queue has a message, so that nothing waits for a poll.</summary>
internal sealed class QueueWake
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> signals = new(StringComparer.Ordinal);

    public void Signal(string queue)
    {
        var signal = Of(queue);
        if (signal.CurrentCount == 0)
        {
            signal.Release();
        }
    }

    public Task WaitAsync(string queue, TimeSpan longest, CancellationToken cancellationToken) => Of(queue).WaitAsync(longest, cancellationToken);

    private SemaphoreSlim Of(string queue) => signals.GetOrAdd(queue, static _ => new SemaphoreSlim(0));
}
