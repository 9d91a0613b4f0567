using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Leases;

/// <summary>What is due for a lease at a time of the chain, by the lease book's own rules. Times are Unix seconds.</summary>
/// <param name="Prepay">Seconds that a renewal funds ahead.</param>
/// <param name="StartWithin">Seconds that a host has to start.</param>
/// <param name="Left">Seconds of the replica's duration that no lease holds; 0 once the order is cancelled.</param>
internal sealed record DueRules(LeaseRecord Lease, uint Prepay, uint StartWithin, uint Left)
{
    /// <param name="replica">All leases of the replica.</param>
    public static DueRules Of(LeaseRecord lease, AdmittedOrder order, IEnumerable<LeaseRecord> replica)
    {
        ulong held = replica.Aggregate(0UL, static (sum, other) => sum + other.Committed);
        uint left = order.Cancelled || held >= order.Order.Duration ? 0 : (uint)(order.Order.Duration - held);
        return new DueRules(lease, order.Order.Prepay, order.Order.StartWithin, left);
    }

    /// <summary>Its funds are over, and nobody can fund it any more or the time to do so is over too.</summary>
    /// <param name="grace">Seconds for which its storage is kept.</param>
    public bool IsOver(ulong now, uint grace) => Lease.IsLive && now >= Lease.FundedUntil + (Left == 0 ? 0 : grace);

    /// <summary>Its host has let its time to start pass: a lease that never started does not expire, anyone calls a no-show.</summary>
    public bool IsNoShow(ulong now) => Lease.State == LeaseState.Open && !Lease.HasStarted && now > Lease.Origin + StartWithin;

    /// <returns>Seconds to fund; 0 while more than half of what is prepaid is left, or when there is nothing to fund.</returns>
    public uint Renewal(ulong now)
    {
        uint rest = Lease.FundedUntil > now ? (uint)Math.Min(uint.MaxValue, Lease.FundedUntil - now) : 0;
        return Lease.State == LeaseState.Open && rest <= Prepay / 2 ? Math.Min(Prepay - rest, Left) : 0;
    }

    /// <summary>It has run, its funds are over for a while, and it may still be funded: only its storage is kept.</summary>
    /// <param name="parkAfter">Seconds from the end of its funds.</param>
    public bool IsToBeParked(ulong now, uint parkAfter, uint grace) =>
        Lease.State == LeaseState.Open && Lease.HasStarted && now >= Lease.FundedUntil + parkAfter && !IsOver(now, grace);
}
