using System.Collections.Concurrent;
using Dweb.Agent.Leases;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Usage;

/// <summary>Counters that may be signed: those of every lease that was started and is not closed. Each is read when somebody wants it, and not before.</summary>
internal sealed class UsageBook(TimeProvider time)
{
    private readonly ConcurrentDictionary<Hash32, Func<UsageEntry>> meters = new();
    private readonly ConcurrentBag<WakeSignal> listeners = [];

    /// <summary>Of whoever sends counters somewhere: set when a container stopped, and its last counters are wanted at once.</summary>
    public WakeSignal Listen()
    {
        var signal = new WakeSignal(time);
        listeners.Add(signal);
        return signal;
    }

    public void Hurry()
    {
        foreach (var listener in listeners)
        {
            listener.Set();
        }
    }

    /// <param name="read">Brings the lease's counters up to now; called by several at once.</param>
    public void Publish(Hash32 leaseId, Func<UsageEntry> read) => meters[leaseId] = read;

    public void Remove(Hash32 leaseId) => meters.TryRemove(leaseId, out _);

    /// <returns>As of now, in the order of the handles, so that equal counters make equal batches.</returns>
    public IReadOnlyList<UsageEntry> Read() => [.. meters.Values.Select(static read => read()).OrderBy(static e => e.Handle.Value)];
}
