using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Metering;

/// <summary>What the chain keeps of a lease that money depends on.</summary>
/// <param name="Origin">Unix time from which the lease counts.</param>
/// <param name="Limit">Seconds funded since <paramref name="Origin"/>.</param>
/// <param name="EndedAt">Unix time; 0 while it has not ended.</param>
public sealed record LeaseAccount(LeaseState State, EndReason Reason, ulong Origin, uint Limit, ulong EndedAt, LeaseTerms Terms, UsageCounters Settled)
{
    /// <summary>Open or parked: it may be funded, and holds a place on its COE.</summary>
    public bool IsLive => State is LeaseState.Open or LeaseState.Parked;

    /// <summary>What was charged so far.</summary>
    public Charge Charged => ChargeOf(Settled);

    /// <summary>What the chain would hold after it settled an entry, by its own rules.</summary>
    /// <param name="asOf">Unix time of the entry's batch.</param>
    public UsageMergeResult After(UsageEntry entry, ulong asOf)
    {
        uint ran = IsLive ? Limit : (uint)Math.Min(Limit, Math.Max(EndedAt - Math.Min(EndedAt, Origin), Settled.Seconds));
        return UsageMerge.Settle(State, Reason, ran, Origin, asOf, Settled, entry);
    }

    /// <summary>The whole charge for counters since the lease opened.</summary>
    public Charge ChargeOf(UsageCounters counters) =>
        Charge.Of(Terms, counters.Seconds, Payable.TransferMiB(counters.Received, counters.Sent, Terms.AllowanceMiB));
}
