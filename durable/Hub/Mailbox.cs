using Dweb.Durable.Storage;

namespace Dweb.Durable.Hub;

/// <summary>What has arrived for an instance and is not yet taken in, in the order of its arrival. Its owner sees to it that one thread is in it at a time.</summary>
internal sealed class Mailbox
{
    private const int MaxInboxRowsPerCommit = 90;
    private readonly OrderedDictionary<string, Arrival> _arrivals = new(StringComparer.Ordinal);

    public int Count => _arrivals.Count;

    /// <summary>The first rewind among them.</summary>
    public Arrival? Rewind => _arrivals.Values.FirstOrDefault(arrival => arrival.Event.ExecutionRewound is not null);

    /// <summary>What children have said of their ends, as much as one commit can take.</summary>
    public Arrival[] ChildEnds() =>
        [.. _arrivals.Values.Where(arrival => arrival.Event.SubOrchestrationCompleted is not null || arrival.Event.SubOrchestrationFailed is not null).Take(MaxInboxRowsPerCommit - 1)];

    public void Put(Arrival arrival) => _arrivals[arrival.Key] = arrival;

    /// <summary>As many as one commit can take in.</summary>
    public List<Arrival> Batch()
    {
        List<Arrival> batch = new(_arrivals.Count);
        var rows = 0;
        foreach (var arrival in _arrivals.Values)
        {
            if (arrival.InboxKey is null || rows++ < MaxInboxRowsPerCommit)
            {
                batch.Add(arrival);
            }
        }
        return batch;
    }

    /// <summary>Those that have a row in the inbox.</summary>
    public HashSet<Arrival> FromInbox() => new(_arrivals.Values.Where(arrival => arrival.InboxKey is not null), ReferenceEqualityComparer.Instance);

    /// <summary>Holds what an inbox held when it was read, and what was posted since.</summary>
    /// <param name="before">What <see cref="FromInbox"/> gave before the inbox was read.</param>
    public void Reread(HashSet<Arrival> before, IEnumerable<InboxRow> inbox)
    {
        // What was posted while the inbox was read and is not in it was accepted after it. What was posted before and is not in it
        // has been taken in: the second delivery of an event whose first one was told sooner.
        var posted = _arrivals.Values.Where(arrival => !before.Contains(arrival)).ToArray();
        _arrivals.Clear();
        foreach (var arrival in inbox.Select(Arrival.FromInbox).Concat(posted))
        {
            _arrivals.TryAdd(arrival.Key, arrival);
        }
    }

    public void Remove(IEnumerable<Arrival> takenIn)
    {
        foreach (var arrival in takenIn)
        {
            // One of the same key that was posted meanwhile may have a row of its own, which has to go too.
            if (_arrivals.TryGetValue(arrival.Key, out var waiting) && ReferenceEquals(waiting, arrival))
            {
                _arrivals.Remove(arrival.Key);
            }
        }
    }

    public void Clear() => _arrivals.Clear();
}
