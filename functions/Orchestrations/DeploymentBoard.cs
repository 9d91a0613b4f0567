using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Orchestrations;

/// <summary>A status that the order has come to, and why.</summary>
internal sealed record BoardCommit(OrderStatus Status, string? Code = null, string? Message = null);

/// <summary>
/// Which leases of an order run, end and are closed, and which replicas have to be placed again; says when that moves the order. Of each replica the
/// newest generation counts. News may come twice and in any order.
/// </summary>
internal sealed class DeploymentBoard(OpeningResult opening)
{
    private readonly Dictionary<Hash32, OpenedLease> leases = opening.Leases.ToDictionary(static l => l.LeaseId);
    private readonly HashSet<ReplicaId> final = [];
    private BoardCommit? last;

    public OrderStatus Status { get; private set; } = OrderStatus.Starting;

    /// <summary>True when nothing more can happen to the order.</summary>
    public bool IsOver => Status is OrderStatus.Rejected or OrderStatus.Closed;

    /// <summary>A replica has no lease that runs or could run, and the order has not been found to leave it none.</summary>
    public bool NeedsReplacement => !IsOver && Newest().Any(IsToBeReplaced);

    /// <summary>There was news of leases that are not known here: chain and agents are to be asked what leases the order has.</summary>
    public bool NeedsLook { get; private set; }

    public ReplacementInput Replacement(Hash32 orderHash) =>
        new(orderHash, [.. Newest().Where(static l => l is { State: LeaseState.Open, DeadSince: > 0 }).Select(static l => new LostLease(l.LeaseId, l.DeadSince))]);

    /// <summary>What the opening alone decides.</summary>
    public IReadOnlyList<BoardCommit> Start()
    {
        var commits = new List<BoardCommit>();
        if (opening.Outcome == OpeningOutcome.Rejected)
        {
            commits.Add(Move(OrderStatus.Rejected, opening.Code, opening.Message)!);
            return commits;
        }

        if (opening.Outcome == OpeningOutcome.Incomplete)
        {
            commits.Add(Move(OrderStatus.Failed, opening.Code, opening.Message)!);
        }

        if (Judge() is { } found)
        {
            commits.Add(found);
        }

        return commits;
    }

    /// <returns>The status to commit, or null when this news does not move the order.</returns>
    public BoardCommit? Take(LeaseNotice notice)
    {
        if (!leases.TryGetValue(notice.LeaseId, out var lease) || IsUpgradeToAnUnknown(lease, notice))
        {
            NeedsLook = true;
            return null;
        }

        switch (notice.Kind)
        {
            case LeaseNoticeKind.Running:
                leases[notice.LeaseId] = lease with { IsRunning = true, DeadSince = 0 };
                return Judge();
            case LeaseNoticeKind.Refused:
                return Status == OrderStatus.Starting ? Move(OrderStatus.Failed, notice.Code, notice.Detail) : null;
            case LeaseNoticeKind.Lost when lease.State == LeaseState.Open:
                leases[notice.LeaseId] = lease with { IsRunning = false, DeadSince = lease.DeadSince == 0 ? notice.DeadSince : Math.Min(lease.DeadSince, notice.DeadSince) };
                return Judge(Catalogue.ReplicaLost.Code, notice.Detail);
            case LeaseNoticeKind.Ending when !HasEnded(lease):
                leases[notice.LeaseId] = lease with { State = LeaseState.Ending, Reason = notice.Reason };
                return Judge(Catalogue.ReplicaLost.Code, notice.Detail);
            case LeaseNoticeKind.Closed:
                leases[notice.LeaseId] = lease with { State = LeaseState.Closed, Reason = HasEnded(lease) ? lease.Reason : notice.Reason };
                return Judge(Catalogue.ReplicaLost.Code, notice.Detail);
            default:
                return null;
        }
    }

    /// <returns>The status to commit, or null when nothing moved.</returns>
    public BoardCommit? Take(ReplacementResult result)
    {
        final.UnionWith(result.Final);
        Merge(result.Leases);
        return Judge(result.Code, result.Message);
    }

    /// <param name="all">Leases of the order as chain and agents have them.</param>
    /// <returns>The status to commit, or null when nothing moved.</returns>
    public BoardCommit? Take(IReadOnlyList<OpenedLease> all)
    {
        Merge(all);
        return Judge();
    }

    private void Merge(IReadOnlyList<OpenedLease> all)
    {
        foreach (var lease in all)
        {
            // An agent's word may have arrived while the activity was under way.
            leases[lease.LeaseId] = leases.TryGetValue(lease.LeaseId, out var known) && HasEnded(known) && !HasEnded(lease)
                ? known
                : lease with { IsRunning = lease.IsRunning || (known is { IsRunning: true } && lease.DeadSince == 0) };
        }

        NeedsLook = false;
    }

    // Its successor was opened by the same transaction, and is told of after it.
    private bool IsUpgradeToAnUnknown(OpenedLease lease, LeaseNotice notice) =>
        notice is { Kind: LeaseNoticeKind.Ending, Reason: EndReason.Upgrade } && !leases.Values.Any(l => l.Of == lease.Of && l.Generation > lease.Generation);

    private BoardCommit? Judge(string? code = null, string? message = null)
    {
        var newest = Newest().ToList();
        if (newest.Exists(IsToBeReplaced))
        {
            return Status is OrderStatus.Starting or OrderStatus.Running or OrderStatus.Degraded ? Move(OrderStatus.Degraded, code, message) : null;
        }

        if (leases.Values.All(HasEnded))
        {
            return MoveUnlessThere(leases.Values.All(static l => l.State == LeaseState.Closed) ? OrderStatus.Closed : OrderStatus.Closing);
        }

        bool allRun = opening.Outcome == OpeningOutcome.Opened && newest.TrueForAll(static l => HasEnded(l) || l.IsRunning);

        // One agent's refusal is its word alone: what the next one runs in its place runs.
        bool mayRun = Status is OrderStatus.Starting or OrderStatus.Degraded || (Status == OrderStatus.Failed && newest.TrueForAll(static l => l.IsRunning));
        return allRun && mayRun ? Move(OrderStatus.Running) : null;
    }

    private IEnumerable<OpenedLease> Newest() => leases.Values.GroupBy(static l => l.Of).Select(static replica => replica.MaxBy(static l => l.Generation)!);

    private bool IsToBeReplaced(OpenedLease lease) =>
        !final.Contains(lease.Of) && (lease is { State: LeaseState.Open, DeadSince: > 0 } || (HasEnded(lease) && lease.Reason.MakesRoom()));

    private static bool HasEnded(OpenedLease lease) => lease.State is LeaseState.Ending or LeaseState.Closed;

    private BoardCommit? MoveUnlessThere(OrderStatus status) => Status == status ? null : Move(status);

    /// <returns>Null when just that was said last.</returns>
    private BoardCommit? Move(OrderStatus status, string? code = null, string? message = null)
    {
        Status = status;
        var commit = new BoardCommit(status, code, message);
        return commit == last ? null : last = commit;
    }
}
