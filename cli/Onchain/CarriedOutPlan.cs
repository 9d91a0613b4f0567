using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Onchain;

/// <summary>The transaction that opened a lease, with all that it placed of the same order.</summary>
/// <param name="Skipped">Entries of the plan that the chain passed over; which COEs they named is in the transaction's input only.</param>
/// <param name="Earlier">Leases of the order that had been opened before, newest last.</param>
internal sealed record CarriedOutPlan(
    LeaseBook.Events.OrderAdmitted Order, ulong Block, Hash32 Transaction, IReadOnlyList<LeaseBook.Events.LeaseOpened> Opened, int Skipped,
    IReadOnlyList<LeaseBook.Events.LeaseOpened> Earlier)
{
    public static async Task<CarriedOutPlan> OfAsync(DwebChain chain, OnchainLease lease, CancellationToken cancellationToken)
    {
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.LeaseBook], [[LeaseBook.Events.LeaseOpened.Topic, LeaseBook.Events.EntrySkipped.Topic]], chain.Addresses.Block, null, cancellationToken);
        var openings = logs.Select(static log => (Log: log, Opened: LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened) ? opened : null))
            .Where(o => o.Opened?.OrderHash == lease.Key.OrderHash).ToList();
        var ours = openings.Single(o => o.Opened!.LeaseId == lease.Id).Log;
        return new CarriedOutPlan(
            await new AdmittedOrders(chain).OfAsync(lease.Key.OrderHash, cancellationToken), ours.BlockNumber, ours.TransactionHash,
            [.. openings.Where(o => o.Log.TransactionHash == ours.TransactionHash).Select(static o => o.Opened!)],
            logs.Count(log => log.TransactionHash == ours.TransactionHash && LeaseBook.Events.EntrySkipped.TryDecode(log, out var skipped) && skipped.OrderHash == lease.Key.OrderHash),
            [.. openings.Where(o => IsBefore(o.Log, ours)).Select(static o => o.Opened!)]);
    }

    /// <summary>Where each replica of the plan went.</summary>
    public IReadOnlyDictionary<ReplicaSlot, Hash32> Places => Opened.ToDictionary(static o => new ReplicaSlot(o.Service, o.Replica, o.Generation), static o => o.Coe);

    /// <param name="index">Into the order's services.</param>
    public Core.Protocol.Messages.Service ServiceAt(ushort index) => Message(Order.Services[index]);

    /// <summary>What the scheduler was asked for: these replicas, beside those of the order that ran on, and not on the COEs that had just lost them.</summary>
    public async Task<PlacementRequest> RequestAsync(DwebChain chain, ulong block, CancellationToken cancellationToken)
    {
        var places = Places;
        var running = new List<RunningReplica>();
        foreach (var lease in Earlier.Where(e => !Opened.Any(o => o.Service == e.Service && o.Replica == e.Replica)))
        {
            var state = (LeaseState)(await chain.Book.LeaseOfAsync(lease.LeaseId, BlockTag.Number(block), cancellationToken)).State;
            if (state is LeaseState.Open or LeaseState.Parked)
            {
                running.Add(new RunningReplica(lease.Service, lease.Replica, lease.Coe));
            }
        }

        var excluded = Earlier.Where(e => Opened.Any(o => o.Service == e.Service && o.Replica == e.Replica && o.Generation == e.Generation + 1)).Select(static e => e.Coe);
        return new PlacementRequest(
            Order.OrderHash, [.. Order.Services.Select(Message)], Order.Order.Duration,
            [.. places.Keys.OrderBy(static s => s.Service).ThenBy(static s => s.Replica)], running, excluded.ToHashSet());
    }

    private static bool IsBefore(ChainLog log, ChainLog ours) => log.TransactionHash != ours.TransactionHash && (log.BlockNumber < ours.BlockNumber || (log.BlockNumber == ours.BlockNumber && log.LogIndex < ours.LogIndex));

    private static Core.Protocol.Messages.Service Message(Chain.Contracts.Service s) => new ServiceDocument(
        s.ImageDigest, s.SpecHash, s.Replicas, s.Reserved, s.Ceiling, s.RegionMask, s.MinStake, s.PlacementHash).ToMessage();
}
