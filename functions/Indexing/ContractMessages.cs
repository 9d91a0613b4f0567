using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Indexing;

/// <summary>Between the contracts' structs and the protocol's messages.</summary>
internal static class ContractMessages
{
    public static OrderDocument OrderOf(LeaseBook.Events.OrderAdmitted admitted)
    {
        var order = admitted.Order;
        var services = admitted.Services.Select(static s => new ServiceDocument(
            s.ImageDigest, s.SpecHash, s.Replicas, s.Reserved, s.Ceiling, s.RegionMask, s.MinStake, s.PlacementHash));
        return new OrderDocument(
            order.User, [.. services], order.MaxTotal, order.Duration, order.Prepay, order.SubmitBy, order.StartWithin, order.MaxRoyaltyBps,
            order.MaxFeeBps, order.UpgradePolicy, order.Operator, order.UserEpoch, order.Salt);
    }

    public static CoeRecord ToRecord(Hash32 coe, Coe record, Offer offer) => new(
        coe, record.Name, record.Host, record.Agent, (Core.Protocol.Messages.CoeStatus)record.Status, record.Region, record.Capacity, record.Assigned,
        record.Ask, record.NextAsk, record.NextAskFrom, record.Stake, record.Locked, record.OsImage, offer.OsRevoked, offer.Accepted, record.Endpoint);

    /// <summary>A token id as the hash that it is.</summary>
    public static Hash32 TokenHash(BigInteger tokenId)
    {
        Span<byte> bytes = stackalloc byte[32];
        int count = tokenId.GetByteCount(isUnsigned: true);
        tokenId.TryWriteBytes(bytes[(32 - count)..], out _, isUnsigned: true, isBigEndian: true);
        return new Hash32(bytes);
    }
}
