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

        // Those who look by an index must not find the id of a lease that is gone.
        byHandle.TryRemove(LeaseHandle.Of(lease.LeaseId), out _);
        byOrder[lease.OrderHash].TryRemove(lease.LeaseId, out _);
        byCoe[lease.Coe].TryRemove(lease.LeaseId, out _);
        leases.TryRemove(lease.LeaseId, out _);
    }

    // A parked lease may be open again; what has ended never is.
    private static int HowFar(LeaseState state) => state == LeaseState.Parked ? (int)LeaseState.Open : (int)state;

    private IEnumerable<LeaseRecord> LeasesIn(ConcurrentDictionary<Hash32, ConcurrentDictionary<Hash32, byte>> index, Hash32 key) =>
        index.TryGetValue(key, out var ids) ? ids.Keys.Select(id => leases.GetValueOrDefault(id)).OfType<LeaseRecord>() : [];
}
