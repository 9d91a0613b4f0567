using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Metering;

/// <param name="Counters">What holds afterwards: unchanged unless the code is Accepted.</param>
public readonly record struct UsageMergeResult(UsageCode Code, UsageCounters Counters);

/// <summary>
/// Takes a report of cumulative counters. Those that are billed must not fall; where one that is only recorded falls, the larger stays, so that
/// an unbilled counter can never lock a lease. A report taken twice changes nothing.
/// </summary>
public static class UsageMerge
{
    // The chain keeps 45 bits.
    private const ulong WidestCpu = (1UL << 45) - 1;

    public static UsageCounters Empty { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>Keeps what was reported as it is: what a control plane holds until it settles.</summary>
    public static UsageMergeResult Apply(UsageCounters held, UsageEntry reported) =>
        reported.Seconds < held.Seconds || reported.Received < held.Received || reported.Sent < held.Sent
            ? new UsageMergeResult(UsageCode.CounterFell, held)
            : new UsageMergeResult(UsageCode.Accepted, new UsageCounters(
                reported.Seconds, Math.Max(held.Cpu, reported.Cpu), Math.Max(held.Memory, reported.Memory), Math.Max(held.Storage, reported.Storage),
                reported.Received, reported.Sent));

    /// <summary>
    /// What the chain stores when it settles: the same, with seconds clamped to what is payable and never below what was settled, no more
    /// transfer once the end made room for a successor, and the counters that are only recorded cut to their widths.
    /// </summary>
    /// <param name="reason">Why the lease ended, if it has.</param>
    /// <param name="limit">Seconds funded since <paramref name="origin"/>.</param>
    /// <param name="asOf">Unix time of the batch's block.</param>
    public static UsageMergeResult Settle(LeaseState state, EndReason reason, uint limit, ulong origin, ulong asOf, UsageCounters settled, UsageEntry reported)
    {
        if (state is LeaseState.None or LeaseState.Closed)
        {
            return new UsageMergeResult(state == LeaseState.None ? UsageCode.UnknownLease : UsageCode.LeaseClosed, settled);
        }

        var merged = Apply(settled, reported);
        uint payable = Payable.Seconds(state, reported.Seconds, limit, asOf, origin);
        if (merged.Code != UsageCode.Accepted)
        {
            return merged;
        }

        bool takesTransfer = !(state == LeaseState.Ending && reason.MakesRoom());
        return merged with
        {
            Counters = new UsageCounters(
                Math.Max(payable, settled.Seconds),
                Math.Max(settled.Cpu, Math.Min(reported.Cpu, WidestCpu)),
                Math.Max(settled.Memory, WholeGibibytes(reported.Memory)),
                Math.Max(settled.Storage, WholeGibibytes(reported.Storage)),
                takesTransfer ? reported.Received : settled.Received,
                takesTransfer ? reported.Sent : settled.Sent),
        };
    }

    /// <summary>What a settlement pays for the step from one state of the counters to a later one.</summary>
    public static Charge ChargeBetween(LeaseTerms terms, UsageCounters before, UsageCounters after) => ChargeOf(terms, after) - ChargeOf(terms, before);

    // Of MiB-seconds the chain keeps whole GiB-seconds.
    private static ulong WholeGibibytes(ulong mebibytes) => mebibytes / LeaseTerms.MebibytesPerGibibyte * LeaseTerms.MebibytesPerGibibyte;

    private static Charge ChargeOf(LeaseTerms terms, UsageCounters counters) =>
        Charge.Of(terms, counters.Seconds, Payable.TransferMiB(counters.Received, counters.Sent, terms.AllowanceMiB));
}
