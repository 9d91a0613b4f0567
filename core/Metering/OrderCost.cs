using System.Numerics;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Metering;

/// <summary>What an order can cost.</summary>
public static class OrderCost
{
    /// <summary>
    /// Wei that no set of leases of the order can exceed: every replica at its ceiling for the whole duration, its allowance used up, royalty and
    /// fee at their most. The reference price adds nothing, because a lease opens only while it is under the ceiling too.
    /// </summary>
    public static BigInteger Max(IReadOnlyList<Service> services, uint duration, ushort maxRoyaltyBps, ushort maxFeeBps) =>
        services.Aggregate(BigInteger.Zero, (sum, service) => sum + (service.Replicas * MaxOfReplica(service, duration, maxRoyaltyBps + maxFeeBps)));

    /// <summary>Wei that the chain ring-fences when a lease opens: its charge when all funded seconds and the whole allowance are used.</summary>
    public static BigInteger Fenced(LeaseTerms terms, uint fundedSeconds) => Charge.Of(terms, fundedSeconds, terms.AllowanceMiB).Total;

    private static BigInteger MaxOfReplica(Service service, uint duration, int leviesBps)
    {
        var perSecond = BigInteger.Max(service.Ceiling.PerSecond(service.Reserved) / Charge.WeiPerGwei, BigInteger.One);
        var perMebibyte = (BigInteger)service.Ceiling.Transfer / Charge.WeiPerGwei;
        var host = (perSecond * duration) + (perMebibyte * service.Reserved.Transfer * LeaseTerms.MebibytesPerGibibyte);
        return host * (10_000 + leviesBps) * (Charge.WeiPerGwei / 10_000);
    }
}
