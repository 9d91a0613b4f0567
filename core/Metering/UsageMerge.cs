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
    public static UsageCounters Empty { get; } = new(0, 0, 0, 0, 0, 0);

    public static UsageMergeResult Apply(UsageCounters held, UsageEntry reported)
    {
        if (reported.Seconds < held.Seconds || reported.Received < held.Received || reported.Sent < held.Sent)
        {
            return new UsageMergeResult(UsageCode.CounterFell, held);
        }

        return new UsageMergeResult(UsageCode.Accepted, new UsageCounters(
            reported.Seconds, Math.Max(held.Cpu, reported.Cpu), Math.Max(held.Memory, reported.Memory), Math.Max(held.Storage, reported.Storage),
            reported.Received, reported.Sent));
    }
}
