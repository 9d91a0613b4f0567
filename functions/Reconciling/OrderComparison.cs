using Dweb.Chain.Contracts;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orders;

namespace Dweb.Functions.Reconciling;

/// <summary>Orders of the index, their replicas, and their leases that are open, parked or ending, with what the lease book's views say of them.</summary>
internal sealed class OrderComparison(Market market, ChainContracts contracts, ProtocolParameters parameters, ChainLook look, Rereading rereading, OrderNotices notices) : IComparison
{
    private const int MostOrders = 100;
    private const int MostReplicas = 400;

    public string Part => ComparisonParts.Orders;

    public Task<IReadOnlyList<string>> NextAsync(string? after, CancellationToken cancellationToken)
    {
        // An order that the index has lost is still named by its leases.
        var page = Subjects.After(market.Orders.Keys.Concat(market.Leases.Select(static lease => lease.OrderHash)), after, MostOrders);
        int replicas = 0;
        IReadOnlyList<string> some = [.. page.TakeWhile((order, i) => (replicas += ReplicasOf(Hash32.Parse(order))) <= MostReplicas || i == 0)];
        return Task.FromResult(some);
    }

    public Task<Look> LookAsync(IReadOnlyList<string> subjects, CancellationToken cancellationToken) => look.TakeAsync(
        () => subjects.Select(Hash32.Parse).Select(hash => new HeldOrder(hash, market.Orders.GetValueOrDefault(hash), market.LeasesOfOrder(hash))).ToList(),
        async (held, views) =>
        {
            var questions = held.Select(order => OrderQuestions.Ask(order, views, cancellationToken)).ToList();
            await views.Batch.SendAsync(cancellationToken);
            var (compared, findings) = (ComparedCounts.None with { Orders = held.Count }, new List<Finding>());
            foreach (var question in questions)
            {
                compared = compared with { Leases = compared.Leases + question.Leases.Count, Replicas = compared.Replicas + question.Replicas.Count };
                findings.AddRange(await JudgeAsync(question));
            }

            return (compared, findings);
        },
        cancellationToken);

    public async Task RepairAsync(Finding finding, string run, CancellationToken cancellationToken)
    {
        var order = Hash32.Parse(finding.Subject);
        await rereading.OrderAsync(order, cancellationToken);

        // What sees to the order may have believed what was wrong.
        await notices.RaiseReconciledAsync(order, run, cancellationToken);
    }

    private int ReplicasOf(Hash32 order) => market.Orders.TryGetValue(order, out var known) ? known.Order.Services.Sum(static service => service.Replicas) : 1;

    private async Task<IReadOnlyList<Finding>> JudgeAsync(OrderQuestions asked)
    {
        var (held, subject, findings) = (asked.Held, asked.Held.OrderHash.ToString(), new List<Finding>());
        var order = new Differences();
        var record = await asked.Order;
        order.Compare("admitted", !record.User.IsZero, held.Order is not null);
        if (held.Order is { } known && asked.Epoch is { } epoch && !record.User.IsZero)
        {
            order.Compare("hash", held.OrderHash, known.Order.ToMessage().Id(contracts.Book));
            order.Compare("cancelled", record.Cancelled || known.Order.UserEpoch < await epoch, known.Cancelled);
        }

        Add(order, FindingKind.OrderDiffers, subject);
        foreach (var (lease, onChain, fenced) in asked.Leases)
        {
            Add(Compare(await onChain, await fenced, lease), FindingKind.LeaseDiffers, lease.LeaseId.ToString());
        }

        foreach (var (service, replica, onChain) in asked.Replicas)
        {
            Add(Compare(await onChain, held, service, replica), FindingKind.ReplicaDiffers, $"{subject}/{service}/{replica}");
        }

        return findings;

        void Add(Differences differences, string kind, string id)
        {
            if (differences.Any)
            {
                findings.Add(differences.ToFinding(Part, subject, kind, id));
            }
        }
    }

    private Differences Compare(Lease chain, System.Numerics.BigInteger fenced, LeaseRecord held)
    {
        var differences = new Differences();
        var state = (LeaseState)chain.State;
        differences.Compare("state", state, held.State);
        differences.Compare("reason", (EndReason)chain.Reason, held.Reason);
        if (state != held.State)
        {
            // What else differs follows from it.
            return differences;
        }

        differences.Compare("limit", chain.Limit, held.Limit);
        differences.Compare("settled", ContractResults.Of(chain.Settled), held.Settled);
        differences.Compare("terms", ContractResults.Of(chain.Terms), held.Terms);
        differences.Compare("fault answered", chain.FaultAnswered, held.FaultAnswered);
        if (held.IsLive)
        {
            var account = new LeaseAccount(held.State, held.Reason, held.Origin, held.Limit, held.EndedAt, held.Terms, held.Settled);
            differences.Compare("origin", (ulong)chain.Origin, held.Origin);
            differences.Compare("ring-fenced", fenced, OrderCost.Fenced(held.Terms, held.Limit, parameters.Grace) - account.Charged.Total);
        }
        else
        {
            differences.Compare("ended at", (ulong)chain.EndedAt, held.EndedAt);
        }

        return differences;
    }

    private static Differences Compare(LeaseBook.ReplicaOfResult chain, HeldOrder held, ushort service, ushort replica)
    {
        var differences = new Differences();
        var leases = held.Leases.Where(lease => lease.Service == service && lease.Replica == replica).ToList();
        var state = (ReplicaPlace)chain.State;
        var newest = leases.MaxBy(static lease => lease.Generation);

        // A place that may be filled again stands at the generation that comes next.
        int lastOnChain = state switch
        {
            ReplicaPlace.Empty => -1,
            ReplicaPlace.Refillable => chain.Generation - 1,
            _ => chain.Generation,
        };
        differences.Compare("newest generation", lastOnChain, newest?.Generation ?? -1);
        differences.Compare("live", state == ReplicaPlace.Live, newest is { IsLive: true });
        differences.Compare("seconds committed", (ulong)chain.CommittedSeconds, leases.Aggregate(0UL, static (sum, lease) => sum + lease.Committed));
        return differences;
    }

    /// <summary>Where a replica stands; the numbers are the contracts'.</summary>
    private enum ReplicaPlace
    {
        Empty,
        Live,
        Refillable,
        Done,
    }
}
