using System.Collections.Concurrent;
using Dweb.Agent.Leases;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Usage;

/// <summary>Counters that may be signed: those of every lease that was started and is not closed. What is published is on disk already.</summary>
internal sealed class UsageBook(TimeProvider time)
{
    private readonly ConcurrentDictionary<Hash32, UsageEntry> entries = new();
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

    public void Publish(Hash32 leaseId, UsageEntry entry) => entries[leaseId] = entry;

    public void Remove(Hash32 leaseId) => entries.TryRemove(leaseId, out _);

    /// <returns>In the order of the handles, so that equal counters make equal batches.</returns>
    public IReadOnlyList<UsageEntry> Snapshot() => [.. entries.Values.OrderBy(static e => e.Handle.Value)];
}
