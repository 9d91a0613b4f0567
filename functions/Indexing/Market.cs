using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Indexing;

/// <summary>
/// The chain's state in memory, as far as it has been read. One writer, the indexer; readers take what is there. Every record can be applied twice, and what the newest blocks
/// changed can be undone.
/// </summary>
internal sealed class Market
{
    private readonly ConcurrentDictionary<LeaseHandle, Hash32> byHandle = new();
    private readonly ConcurrentDictionary<Hash32, ConcurrentDictionary<Hash32, byte>> byOrder = new();
    private readonly ConcurrentDictionary<Hash32, ConcurrentDictionary<Hash32, byte>> byCoe = new();
    private readonly ConcurrentDictionary<Hash32, LeaseRecord> leases = new();

    public Market()
    {
        Coes = new(MarketKind.Coe, Journal);
        Images = new(MarketKind.Image, Journal);
        Channels = new(MarketKind.Channel, Journal);
        Repositories = new(MarketKind.Repository, Journal);
        Releases = new(MarketKind.Release, Journal);
        Orders = new(MarketKind.Order, Journal);
    }

    public MarketJournal Journal { get; } = new();

    public MarketTable<CoeRecord> Coes { get; }

    public MarketTable<ImageRecord> Images { get; }

    /// <summary>By <see cref="ChannelRecord.Id"/>.</summary>
    public MarketTable<ChannelRecord> Channels { get; }

    public MarketTable<RepositoryRecord> Repositories { get; }

    public MarketTable<ReleaseRecord> Releases { get; }

    public MarketTable<AdmittedOrder> Orders { get; }

    /// <summary>What the protocol DAO can change; the indexer reads it before anybody asks.</summary>
    public GovernedTerms Governed { get; set; } = null!;

    public IEnumerable<LeaseRecord> Leases => leases.Values;

    public LeaseRecord? FindLease(Hash32 leaseId) => leases.GetValueOrDefault(leaseId);

    public LeaseRecord? FindLease(LeaseHandle handle) => byHandle.TryGetValue(handle, out var id) ? FindLease(id) : null;

    /// <summary>A COE's name, or its id where it is not known.</summary>
    public string NameOfCoe(Hash32 coe) => Coes.TryGetValue(coe, out var record) ? record.Name : coe.ToString();

    /// <summary>The channel of the images that have an image's publisher and name; null for an unknown image or before the channel's first move.</summary>
    public ChannelRecord? FindChannel(Hash32 manifestDigest) =>
        Images.TryGetValue(manifestDigest, out var image) ? Channels.GetValueOrDefault(ChannelRecord.IdOf(image.Publisher, image.Name)) : null;

    public IReadOnlyList<LeaseRecord> LeasesOfOrder(Hash32 orderHash) =>
        [.. LeasesIn(byOrder, orderHash).OrderBy(static l => l.Service).ThenBy(static l => l.Replica).ThenBy(static l => l.Generation)];

    public IReadOnlyList<LeaseRecord> LeasesOfCoe(Hash32 coe) => [.. LeasesIn(byCoe, coe).OrderBy(static l => l.LeaseId)];

    /// <summary>Takes a lease unless what is known is further on: events may be applied again, and from a receipt before their block is read.</summary>
    public void Put(LeaseRecord lease)
    {
        if (leases.TryGetValue(lease.LeaseId, out var known) && HowFar(known.State) > HowFar(lease.State))
        {
            return;
        }

        Journal.Do(new MarketKey(MarketKind.Lease, lease.LeaseId, lease.OrderHash), () =>
        {
            var before = leases.GetValueOrDefault(lease.LeaseId);
            Write(lease);
            return () => Restore(lease, before);
        });
    }

    /// <summary>Takes an order and its leases as they were read again, whatever was known of them; those that are not among them are gone.</summary>
    /// <param name="order">Null where the chain has admitted none.</param>
    /// <returns>All leases that may be others now.</returns>
    public IReadOnlyCollection<LeaseRecord> Replace(Hash32 orderHash, AdmittedOrder? order, IReadOnlyList<LeaseRecord> found)
    {
        var ids = found.Select(static lease => lease.LeaseId).ToHashSet();
        var gone = LeasesOfOrder(orderHash).Where(lease => !ids.Contains(lease.LeaseId)).ToList();
        if (order is null)
        {
            Orders.Remove(orderHash);
        }
        else
        {
            Orders[orderHash] = order;
        }

        foreach (var lease in found)
        {
            Journal.Do(new MarketKey(MarketKind.Lease, lease.LeaseId, orderHash), () => Exchange(FindLease(lease.LeaseId), lease));
        }

        foreach (var lease in gone)
        {
            Journal.Do(new MarketKey(MarketKind.Lease, lease.LeaseId, orderHash), () => Drop(lease));
        }

        return [.. found, .. gone];
    }

    public void Clear()
    {
        Coes.Clear();
        Images.Clear();
        Channels.Clear();
        Repositories.Clear();
        Releases.Clear();
        Orders.Clear();
        leases.Clear();
        byHandle.Clear();
        byOrder.Clear();
        byCoe.Clear();
        Journal.Clear();
    }

    private void Write(LeaseRecord lease)
    {
        leases[lease.LeaseId] = lease;
        byHandle[LeaseHandle.Of(lease.LeaseId)] = lease.LeaseId;
        byOrder.GetOrAdd(lease.OrderHash, static _ => new())[lease.LeaseId] = 0;
        byCoe.GetOrAdd(lease.Coe, static _ => new())[lease.LeaseId] = 0;
    }

    private void Restore(LeaseRecord lease, LeaseRecord? before)
    {
        if (before is not null)
        {
            leases[lease.LeaseId] = before;
            return;
        }

        Drop(lease);
    }

    /// <summary>Another record of a lease, which may be of another order or COE than the one that was known.</summary>
    private Action Exchange(LeaseRecord? before, LeaseRecord after)
    {
        Write(after);
        if (before is null)
        {
            return () => Drop(after);
        }

        if (before.OrderHash != after.OrderHash)
        {
            byOrder[before.OrderHash].TryRemove(before.LeaseId, out _);
        }

        if (before.Coe != after.Coe)
        {
            byCoe[before.Coe].TryRemove(before.LeaseId, out _);
        }

        return () => Exchange(after, before);
    }

    private Action Drop(LeaseRecord lease)
    {
        // Those who look by an index must not find the id of a lease that is gone.
        byHandle.TryRemove(LeaseHandle.Of(lease.LeaseId), out _);
        byOrder[lease.OrderHash].TryRemove(lease.LeaseId, out _);
        byCoe[lease.Coe].TryRemove(lease.LeaseId, out _);
        leases.TryRemove(lease.LeaseId, out _);
        return () => Write(lease);
    }

    // A parked lease may be open again; what has ended never is.
    private static int HowFar(LeaseState state) => state == LeaseState.Parked ? (int)LeaseState.Open : (int)state;

    private IEnumerable<LeaseRecord> LeasesIn(ConcurrentDictionary<Hash32, ConcurrentDictionary<Hash32, byte>> index, Hash32 key) =>
        index.TryGetValue(key, out var ids) ? ids.Keys.Select(id => leases.GetValueOrDefault(id)).OfType<LeaseRecord>() : [];
}
