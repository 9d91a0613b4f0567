using Dweb.Core.Protocol;

namespace Dweb.Agent.Isolation;

/// <summary>
/// Which lease is on which of a COE's networks. One network has containers of one deployment only; a deployment with more replicas here than a network has
/// addresses gets another. Pure bookkeeping: what networks there are is told, none is made here. Not safe for several threads.
/// </summary>
/// <param name="count">Slots that there are.</param>
internal sealed class NetworkSeats(int count)
{
    private readonly SortedDictionary<int, Seat> seats = [];

    /// <summary>Networks that exist and that nobody has.</summary>
    public IReadOnlyList<int> Free => [.. seats.Where(static seat => seat.Value.Leases.Count == 0).Select(static seat => seat.Key)];

    public IReadOnlyCollection<int> Made => seats.Keys;

    /// <summary>The lowest slot without a network; null where all have one.</summary>
    public int? NextUnmade
    {
        get
        {
            int slot = Enumerable.Range(0, count).FirstOrDefault(candidate => !seats.ContainsKey(candidate), -1);
            return slot < 0 ? null : slot;
        }
    }

    public void Add(int slot) => seats.TryAdd(slot, new Seat());

    /// <summary>Only one that is free: others have containers on them.</summary>
    public void Remove(int slot)
    {
        if (seats.TryGetValue(slot, out var seat) && seat.Leases.Count == 0)
        {
            seats.Remove(slot);
        }
    }

    /// <summary>What a container shows that was found: it is there, whatever would have been chosen.</summary>
    public void Note(int slot, Hash32 order, Hash32 lease)
    {
        Add(slot);
        seats[slot].Order = order;
        seats[slot].Leases.Add(lease);
    }

    /// <returns>The slot of the lease, now or before; null where a network has to be made first.</returns>
    public int? Take(Hash32 order, Hash32 lease)
    {
        int? slot = Find(seat => seat.Leases.Contains(lease))
            ?? Find(seat => seat.Order == order && seat.Leases.Count is > 0 and < AddressRange.ContainersInPart)
            ?? Find(static seat => seat.Leases.Count == 0);
        if (slot is { } found)
        {
            Note(found, order, lease);
        }

        return slot;
    }

    public void Release(Hash32 lease)
    {
        foreach (var seat in seats.Values)
        {
            seat.Leases.Remove(lease);
        }
    }

    private int? Find(Func<Seat, bool> fits)
    {
        foreach ((int slot, var seat) in seats)
        {
            if (fits(seat))
            {
                return slot;
            }
        }

        return null;
    }

    private sealed class Seat
    {
        public Hash32 Order { get; set; }

        public HashSet<Hash32> Leases { get; } = [];
    }
}
