using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Indexing;

/// <summary>
/// The chain's state in memory, as far as it has been read. One writer, the indexer; readers take what is there. Every record can be applied twice.
/// </summary>
internal sealed class Market
{
    private readonly ConcurrentDictionary<ulong, Hash32> byHandle = new();
    private readonly ConcurrentDictionary<Hash32, ConcurrentDictionary<Hash32, byte>> byOrder = new();
    private readonly ConcurrentDictionary<Hash32, ConcurrentDictionary<Hash32, byte>> byCoe = new();
    private readonly ConcurrentDictionary<Hash32, LeaseRecord> leases = new();

    public ConcurrentDictionary<Hash32, CoeRecord> Coes { get; } = new();

    public ConcurrentDictionary<Hash32, ImageRecord> Images { get; } = new();

    public ConcurrentDictionary<Hash32, RepositoryRecord> Repositories { get; } = new();

    public ConcurrentDictionary<Hash32, ReleaseRecord> Releases { get; } = new();

    public ConcurrentDictionary<Hash32, AdmittedOrder> Orders { get; } = new();

    public IEnumerable<LeaseRecord> Leases => leases.Values;

    public LeaseRecord? FindLease(Hash32 leaseId) => leases.GetValueOrDefault(leaseId);

    public LeaseRecord? FindLease(LeaseHandle handle) => byHandle.TryGetValue(handle.Value, out var id) ? FindLease(id) : null;

    public IReadOnlyList<LeaseRecord> LeasesOfOrder(Hash32 orderHash) =>
        [.. LeasesIn(byOrder, orderHash).OrderBy(static l => l.Service).ThenBy(static l => l.Replica).ThenBy(static l => l.Generation)];

    public IReadOnlyList<LeaseRecord> LeasesOfCoe(Hash32 coe) => [.. LeasesIn(byCoe, coe).OrderBy(static l => l.LeaseId)];

    /// <summary>Takes a lease unless what is known is further on: events may be applied again, and from a receipt before their block is read.</summary>
    public void Put(LeaseRecord lease)
    {
        if (leases.TryGetValue(lease.LeaseId, out var known) && known.State > lease.State)
        {
            return;
        }

        leases[lease.LeaseId] = lease;
        byHandle[LeaseHandle.Of(lease.LeaseId).Value] = lease.LeaseId;
        byOrder.GetOrAdd(lease.OrderHash, static _ => new())[lease.LeaseId] = 0;
        byCoe.GetOrAdd(lease.Coe, static _ => new())[lease.LeaseId] = 0;
    }

    public void Clear()
    {
        Coes.Clear();
        Images.Clear();
        Repositories.Clear();
        Releases.Clear();
        Orders.Clear();
        leases.Clear();
        byHandle.Clear();
        byOrder.Clear();
        byCoe.Clear();
    }

    private IEnumerable<LeaseRecord> LeasesIn(ConcurrentDictionary<Hash32, ConcurrentDictionary<Hash32, byte>> index, Hash32 key) =>
        index.TryGetValue(key, out var ids) ? ids.Keys.Select(id => leases[id]) : [];
}
