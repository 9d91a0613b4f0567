using Dweb.Chain.Contracts;
using Dweb.Cli.Onchain;
using Dweb.Core.Metering;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Deploying;

/// <summary>A lease of a deployment that can be funded.</summary>
/// <param name="CommittedSeconds">Of its replica's duration, by this lease and those before it.</param>
internal sealed record LiveLease(LeaseKey Key, LeaseAccount Account, uint CommittedSeconds)
{
    /// <summary>What the control plane knows of, as the chain has it.</summary>
    /// <exception cref="DwebException">None is live.</exception>
    public static async Task<IReadOnlyList<LiveLease>> ReadAsync(DwebChain chain, OrderView order, CancellationToken cancellationToken)
    {
        var live = new List<LiveLease>();
        foreach (var lease in order.Leases)
        {
            var account = await ReportedUsage.AccountAsync(chain, lease.LeaseId, cancellationToken);
            if (account.IsLive)
            {
                var replica = await chain.Book.ReplicaOfAsync(order.OrderHash, lease.Service, lease.Replica, cancellationToken: cancellationToken);
                live.Add(new LiveLease(new LeaseKey(order.OrderHash, lease.Service, lease.Replica, lease.Generation, lease.Coe), account, replica.CommittedSeconds));
            }
        }

        return live.Count > 0
            ? live
            : throw new DwebException(Catalogue.LeaseNotOpen, $"Order '{OwnOrders.NameOf(order)}' is {order.Status}: it has no live lease to fund.");
    }

    /// <returns>Seconds of the order's duration that are left to the replica that has the fewest.</returns>
    public static uint Left(Order order, IReadOnlyList<LiveLease> leases) => leases.Min(lease => order.Duration - Math.Min(order.Duration, lease.CommittedSeconds));
}
