using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Orchestrations;

/// <summary>A status that the order has come to, and why.</summary>
internal sealed record BoardCommit(OrderStatus Status, string? Code = null, string? Message = null);

/// <summary>Which leases of an order run, end and are closed; says when that moves the order. News may come twice and in any order.</summary>
internal sealed class DeploymentBoard(OpeningResult opening)
{
    private readonly HashSet<Hash32> running = [];
    private readonly Dictionary<Hash32, LeaseState> leases = opening.Leases.ToDictionary(static l => l.LeaseId, static l => l.State);

    public OrderStatus Status { get; private set; } = OrderStatus.Starting;

    /// <summary>True when nothing more can happen to the order.</summary>
    public bool IsOver => Status is OrderStatus.Rejected or OrderStatus.Closed;

    /// <summary>What the opening alone decides.</summary>
    public IReadOnlyList<BoardCommit> Start()
    {
        var commits = new List<BoardCommit>();
        if (opening.Outcome == OpeningOutcome.Rejected)
        {
            commits.Add(Move(OrderStatus.Rejected, opening.Code, opening.Message));
            return commits;
        }

        if (opening.Outcome == OpeningOutcome.Incomplete)
        {
            commits.Add(Move(OrderStatus.Failed, opening.Code, opening.Message));
        }

        if (Ended() is { } ended)
        {
            commits.Add(ended);
        }

        return commits;
    }

    /// <returns>The status to commit, or null when this news does not move the order.</returns>
    public BoardCommit? Take(LeaseNotice notice)
    {
        if (!leases.TryGetValue(notice.LeaseId, out var state))
        {
            return null;
        }

        switch (notice.Kind)
        {
            case LeaseNoticeKind.Running:
                running.Add(notice.LeaseId);
                return Status == OrderStatus.Starting && opening.Outcome == OpeningOutcome.Opened && running.Count == leases.Count ? Move(OrderStatus.Running) : null;
            case LeaseNoticeKind.Refused:
                return Status == OrderStatus.Starting ? Move(OrderStatus.Failed, notice.Code, notice.Detail) : null;
            case LeaseNoticeKind.Ending when !HasEnded(state):
                leases[notice.LeaseId] = LeaseState.Ending;
                return Ended();
            case LeaseNoticeKind.Closed:
                leases[notice.LeaseId] = LeaseState.Closed;
                return Ended();
            default:
                return null;
        }
    }

    private BoardCommit? Ended() =>
        leases.Values.All(static state => state == LeaseState.Closed) ? MoveUnlessThere(OrderStatus.Closed)
        : leases.Values.All(HasEnded) ? MoveUnlessThere(OrderStatus.Closing)
        : null;

    private static bool HasEnded(LeaseState state) => state is LeaseState.Ending or LeaseState.Closed;

    private BoardCommit? MoveUnlessThere(OrderStatus status) => Status == status ? null : Move(status);

    private BoardCommit Move(OrderStatus status, string? code = null, string? message = null)
    {
        Status = status;
        return new BoardCommit(status, code, message);
    }
}
