using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Deploying;

/// <summary>How much a lease uses at present: averages between its two newest reports.</summary>
/// <param name="Seconds">Between the two.</param>
/// <param name="Cpu">mCPU.</param>
/// <param name="Memory">MiB, as <paramref name="Storage"/>.</param>
/// <param name="Received">KiB a second, as <paramref name="Sent"/>; reports count whole MiB.</param>
internal sealed record UsageRates(ulong Seconds, ulong Cpu, ulong Memory, ulong Storage, ulong Received, ulong Sent)
{
    private const ulong KibibytesPerMebibyte = 1_024;

    /// <returns>Null while there are not two reports, or a counter began anew.</returns>
    public static UsageRates? Of(LeaseUsageView usage)
    {
        if (usage.Before is not { } before || usage.AsOf <= before.AsOf)
        {
            return null;
        }

        var (now, then, seconds) = (usage.Reported, before.Counters, usage.AsOf - before.AsOf);
        bool fell = now.Cpu < then.Cpu || now.Memory < then.Memory || now.Storage < then.Storage || now.Received < then.Received || now.Sent < then.Sent;
        return fell ? null : new UsageRates(
            seconds, (now.Cpu - then.Cpu) / seconds, (now.Memory - then.Memory) / seconds, (now.Storage - then.Storage) / seconds,
            (now.Received - then.Received) * KibibytesPerMebibyte / seconds, (now.Sent - then.Sent) * KibibytesPerMebibyte / seconds);
    }
}
