using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Leases;

/// <summary>Which services run another image than the one that their channel points to, of orders whose users let them follow it.</summary>
internal sealed class DueUpgrades(Market market, ChainIndexer indexer)
{
    public IEnumerable<DueUpgrade> All() =>
        from order in market.Orders.Values
        where !order.Cancelled && order.Order.UpgradePolicy == (byte)UpgradePolicy.Channel
        from service in Enumerable.Range(0, order.Order.Services.Count)
        let channel = market.FindChannel(order.Order.Services[service].ImageDigest)
        where channel is not null
        let image = channel.At(indexer.Head.Timestamp)
        let goesBack = WentBack(order.OrderHash, (ushort)service, image)
        where !image.IsZero && (goesBack ? Ahead(order.OrderHash, (ushort)service, image) : Behind(order.OrderHash, (ushort)service, image)).Any()
        select new DueUpgrade(order.OrderHash, (ushort)service, image, channel.NextFrom, goesBack);

    /// <summary>Asks for the next generation of some replicas, beside those that stay where they are.</summary>
    public PlacementRequest Request(Hash32 orderHash, Order order, IReadOnlyList<LeaseRecord> moving)
    {
        var ids = moving.Select(static l => l.LeaseId).ToHashSet();
        return new PlacementRequest(
            orderHash, order.Services, order.Duration, [.. moving.Select(static l => new ReplicaSlot(l.Service, l.Replica, (ushort)(l.Generation + 1)))],
            [.. market.LeasesOfOrder(orderHash).Where(l => l.State == LeaseState.Open && !ids.Contains(l.LeaseId)).Select(static l => new RunningReplica(l.Service, l.Replica, l.Coe))],
            new HashSet<Hash32>());
    }

    /// <summary>Whether a replica of a service was put back from an image: then no other is moved to it, until the channel points elsewhere.</summary>
    public bool WentBack(Hash32 orderHash, ushort service, Hash32 image) =>
        market.LeasesOfOrder(orderHash).Any(lease => lease.Service == service && lease.IsLive && lease.PutBackFrom == image);

    /// <summary>Open leases of a service that run an image.</summary>
    public IEnumerable<LeaseRecord> Ahead(Hash32 orderHash, ushort service, Hash32 image) =>
        market.LeasesOfOrder(orderHash).Where(lease => lease.Service == service && lease.State == LeaseState.Open && lease.ImageDigest == image);

    /// <summary>Open leases of a service that run another image, in the order of replicas.</summary>
    public IEnumerable<LeaseRecord> Behind(Hash32 orderHash, ushort service, Hash32 image) =>
        market.LeasesOfOrder(orderHash).Where(lease => lease.Service == service && lease.State == LeaseState.Open && lease.ImageDigest != image);
}

/// <param name="Service">Index into the order's services.</param>
/// <param name="Image">Digest that the channel points to.</param>
/// <param name="From">Unix time of the chain since which it does.</param>
/// <param name="GoesBack">Some replicas were put back from the image, and the others that run it are to follow.</param>
internal sealed record DueUpgrade(Hash32 OrderHash, ushort Service, Hash32 Image, ulong From, bool GoesBack);
