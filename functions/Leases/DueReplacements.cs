using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Leases;

/// <summary>Which replicas of an order are to be placed again, by the lease book's own rules.</summary>
/// <param name="Request">Asks for them at their next generation, and not on the COEs that have just left them.</param>
/// <param name="Lost">Leases that stand in the way: open, on silent COEs.</param>
/// <param name="Final">Replicas that run no more and get no other lease: their order is cancelled, or leaves less time than a host has to start.</param>
internal sealed record DueReplacements(PlacementRequest Request, IReadOnlyList<LeaseRecord> Lost, IReadOnlyList<ReplicaId> Final)
{
    public bool Any => Request.Slots.Count > 0;

    /// <param name="leases">All of the order.</param>
    /// <param name="deadSince">Of open leases whose COE is silent, Unix seconds.</param>
    public static DueReplacements Of(AdmittedOrder order, IReadOnlyList<LeaseRecord> leases, IReadOnlyDictionary<Hash32, ulong> deadSince)
    {
        var signed = order.Order.ToMessage();
        var (slots, running, excluded, lost, final) = (new List<ReplicaSlot>(), new List<RunningReplica>(), new HashSet<Hash32>(), new List<LeaseRecord>(), new List<ReplicaId>());
        foreach (var replica in leases.GroupBy(static l => new ReplicaId(l.Service, l.Replica)))
        {
            var newest = replica.MaxBy(static l => l.Generation)!;
            bool isLost = newest.State == LeaseState.Open && deadSince.ContainsKey(newest.LeaseId);
            if (newest.IsLive && !isLost)
            {
                running.Add(new RunningReplica(newest.Service, newest.Replica, newest.Coe));
            }
            else if (isLost || newest.Reason.MakesRoom())
            {
                if (Left(order, newest, replica, isLost ? deadSince[newest.LeaseId] : null) < signed.StartWithin)
                {
                    final.Add(replica.Key);
                    continue;
                }

                slots.Add(new ReplicaSlot(newest.Service, newest.Replica, (ushort)(newest.Generation + 1)));
                excluded.Add(newest.Coe);
                lost.AddRange(isLost ? [newest] : []);
            }
        }

        return new DueReplacements(new PlacementRequest(order.OrderHash, signed.Services, signed.Duration, slots, running, excluded), lost, final);
    }

    /// <summary>Seconds of the replica's duration for another lease; a lost one gives back what it was funded for beyond its end.</summary>
    private static ulong Left(AdmittedOrder order, LeaseRecord newest, IEnumerable<LeaseRecord> replica, ulong? deadSince)
    {
        ulong givenBack = deadSince is { } end && !order.Cancelled
            ? newest.Limit - Math.Min(newest.Limit, Math.Max(newest.Settled.Seconds, end - Math.Min(end, newest.Origin)))
            : 0;
        return DueRules.Of(newest, order, replica).Left + givenBack;
    }
}
