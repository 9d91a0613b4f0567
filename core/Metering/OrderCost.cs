using System.Numerics;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Metering;

/// <summary>What an order can cost.</summary>
public static class OrderCost
{
    /// <summary>
    /// Wei that the order takes at most, where no COE asks above a ceiling: every replica at its ceilings for the whole duration, its allowance
    /// used up, royalty and fee at their most, and the rent of its storage set aside. The reference price adds nothing, because a lease opens
    /// only while it is under the ceiling too.
    /// </summary>
    /// <param name="grace">Seconds for which the lease book reserves the rent of storage.</param>
    public static BigInteger Max(IReadOnlyList<Service> services, uint duration, ushort maxRoyaltyBps, ushort maxFeeBps, uint grace) =>
        services.Aggregate(BigInteger.Zero, (sum, service) =>
            sum + (service.Replicas * (MaxOfReplica(service, duration, maxRoyaltyBps + maxFeeBps) + MaxReserve(service, grace))));

    /// <summary>
    /// Wei that the chain ring-fences when a lease opens: its charge when all funded seconds and the whole allowance are used, and the reserve
    /// for its storage.
    /// </summary>
    /// <param name="grace">Seconds for which the lease book reserves the rent of storage.</param>
    public static BigInteger Fenced(LeaseTerms terms, uint fundedSeconds, uint grace) =>
        Charge.Of(terms, fundedSeconds, terms.AllowanceMiB).Total + terms.Reserve(grace);

    private static BigInteger MaxReserve(Service service, uint grace) =>
        (BigInteger)service.Ceiling.Storage * service.Reserved.Storage / Charge.WeiPerGwei * grace * Charge.WeiPerGwei;

    private static BigInteger MaxOfReplica(Service service, uint duration, int leviesBps)
    {
        var perSecond = BigInteger.Max(service.Ceiling.PerSecond(service.Reserved) / Charge.WeiPerGwei, BigInteger.One);
        var perMebibyte = (BigInteger)service.Ceiling.Transfer / Charge.WeiPerGwei;
        var host = (perSecond * duration) + (perMebibyte * service.Reserved.Transfer * LeaseTerms.MebibytesPerGibibyte);
        return host * (10_000 + leviesBps) * (Charge.WeiPerGwei / 10_000);
    }
}
