using Dweb.Chain.Contracts;
using Dweb.Cli.Onchain;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Deploying;

/// <summary>What leases have used, as their agents told the control plane, and what it costs by the chain's own terms.</summary>
internal static class ReportedUsage
{
    public static async Task<IReadOnlyList<LeaseUsageView>> OfAsync(OwnOrders own, IReadOnlyList<LeaseView> leases, CancellationToken cancellationToken)
    {
        var usage = new List<LeaseUsageView>();
        foreach (var lease in leases)
        {
            usage.Add(await own.GetAsync($"/api/leases/{lease.LeaseId}/usage", DwebJson.Default.LeaseUsageView, cancellationToken));
        }

        return usage;
    }

    public static async Task<LeaseAccount> AccountAsync(DwebChain chain, Hash32 lease, CancellationToken cancellationToken)
    {
        var now = await chain.Book.LeaseOfAsync(lease, cancellationToken: cancellationToken);
        return new LeaseAccount(
            (LeaseState)now.State, (EndReason)now.Reason, now.Origin, now.Limit, now.EndedAt,
            ContractResults.Of(now.Terms), ContractResults.Of(now.Settled));
    }

    /// <summary>What a settlement of the newest report would charge beside what is settled; nothing where the chain would not take it.</summary>
    public static Charge Unsettled(LeaseAccount account, LeaseUsageView usage)
    {
        var r = usage.Reported;
        var entry = new UsageEntry(LeaseHandle.Of(usage.LeaseId), r.Seconds, r.Cpu, r.Memory, r.Storage, r.Received, r.Sent);
        var after = account.After(entry, usage.AsOf);
        return after.Code == UsageCode.Accepted ? account.ChargeOf(after.Counters) - account.Charged : Charge.Zero;
    }
}
