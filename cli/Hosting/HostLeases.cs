using Dweb.Chain.Contracts;
using Dweb.Cli.Deploying;
using Dweb.Cli.Onchain;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using LeaseKey = Dweb.Chain.Contracts.LeaseKey;

namespace Dweb.Cli.Hosting;

/// <summary>A lease that holds a place on a COE, or is at its end and not closed.</summary>
internal sealed record HostLease(Hash32 Id, LeaseKey Key, LeaseAccount Account)
{
    /// <summary>Unix time in seconds, the chain's.</summary>
    public ulong FundedUntil => Account.Origin + Account.Limit;
}

/// <summary>What runs on a COE, from the chain alone.</summary>
internal static class HostLeases
{
    public static async Task<IReadOnlyList<HostLease>> ReadAsync(DwebChain chain, Hash32 coe, CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        var closed = (await EventsAsync(chain, [[LeaseBook.Events.LeaseClosed.Topic], null, [coe]], cancellationToken))
            .Select(static log => LeaseBook.Events.LeaseClosed.TryDecode(log, out var lease) ? lease.LeaseId : default).ToHashSet();
        var opened = (await EventsAsync(chain, [[LeaseBook.Events.LeaseOpened.Topic], null, null, [coe]], cancellationToken))
            .Select(static log => LeaseBook.Events.LeaseOpened.TryDecode(log, out var lease) ? lease : null).OfType<LeaseBook.Events.LeaseOpened>();
        var leases = new List<HostLease>();
        foreach (var lease in opened.Where(lease => !closed.Contains(lease.LeaseId)))
        {
            var account = await ReportedUsage.AccountAsync(chain, lease.LeaseId, cancellationToken);
            if (account.IsLive || account.State == LeaseState.Ending)
            {
                leases.Add(new HostLease(lease.LeaseId, new LeaseKey(lease.OrderHash, lease.Service, lease.Replica, lease.Generation, lease.Coe), account));
            }
        }

        return leases;
    }

    private static Task<IReadOnlyList<Chain.Rpc.ChainLog>> EventsAsync(DwebChain chain, IReadOnlyList<IReadOnlyList<Hash32>?> topics, CancellationToken cancellationToken) =>
        ChainEvents.ReadAsync(chain.Client, [chain.Addresses.LeaseBook], topics, chain.Addresses.Block, null, cancellationToken);
}
