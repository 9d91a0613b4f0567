using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Tests.Orchestrations;

public sealed class DeploymentBoardTests
{
    private static readonly Hash32 First = Keccak256.Hash("first");
    private static readonly Hash32 Second = Keccak256.Hash("second");

    [Fact]
    public void An_order_runs_only_when_every_replica_runs()
    {
        var board = Opened();
        Assert.Empty(board.Start());
        Assert.Null(board.Take(News(First, LeaseNoticeKind.Running)));
        Assert.Equal(OrderStatus.Running, board.Take(News(Second, LeaseNoticeKind.Running))?.Status);
    }

    [Fact]
    public void The_same_news_twice_moves_an_order_once()
    {
        var board = Opened();
        Assert.Null(board.Take(News(First, LeaseNoticeKind.Running)));
        Assert.Null(board.Take(News(First, LeaseNoticeKind.Running)));
        Assert.NotNull(board.Take(News(Second, LeaseNoticeKind.Running)));
        Assert.Null(board.Take(News(Second, LeaseNoticeKind.Running)));
    }

    [Fact]
    public void An_order_closes_when_every_lease_ends_and_is_closed_when_every_lease_is()
    {
        var board = Opened();
        Assert.Null(board.Take(News(First, LeaseNoticeKind.Ending)));
        Assert.Equal(OrderStatus.Closing, board.Take(News(Second, LeaseNoticeKind.Ending))?.Status);
        Assert.Null(board.Take(News(First, LeaseNoticeKind.Closed)));
        Assert.False(board.IsOver);
        Assert.Equal(OrderStatus.Closed, board.Take(News(Second, LeaseNoticeKind.Closed))?.Status);
        Assert.True(board.IsOver);
    }

    [Fact]
    public void An_order_whose_leases_are_parked_is_neither_closing_nor_closed()
    {
        var board = new DeploymentBoard(new OpeningResult(
            OpeningOutcome.Opened, [new OpenedLease(First, LeaseState.Parked), new OpenedLease(Second, LeaseState.Parked)], null, null));
        Assert.Empty(board.Start());
        Assert.Null(board.Take(News(First, LeaseNoticeKind.Ending)));
        Assert.Equal(OrderStatus.Closing, board.Take(News(Second, LeaseNoticeKind.Ending))?.Status);
    }

    [Fact]
    public void Late_news_of_an_end_does_not_reopen_a_closed_lease()
    {
        var board = Opened();
        board.Take(News(First, LeaseNoticeKind.Closed));
        Assert.Null(board.Take(News(First, LeaseNoticeKind.Ending)));
        Assert.Equal(OrderStatus.Closing, board.Take(News(Second, LeaseNoticeKind.Ending))?.Status);
    }

    [Fact]
    public void A_refusal_fails_the_order_with_its_code_and_the_chain_still_closes_it()
    {
        var board = Opened();
        var commit = board.Take(News(First, LeaseNoticeKind.Refused) with { Code = "annotation-mismatch", Detail = "why" });
        Assert.Equal(new BoardCommit(OrderStatus.Failed, "annotation-mismatch", "why"), commit);
        board.Take(News(First, LeaseNoticeKind.Closed));
        Assert.Equal(OrderStatus.Closed, board.Take(News(Second, LeaseNoticeKind.Closed))?.Status);
    }

    [Fact]
    public void A_rejected_order_is_over_at_once()
    {
        var board = new DeploymentBoard(new OpeningResult(OpeningOutcome.Rejected, [], "no-capacity", "full"));
        Assert.Equal(new BoardCommit(OrderStatus.Rejected, "no-capacity", "full"), Assert.Single(board.Start()));
        Assert.True(board.IsOver);
    }

    [Fact]
    public void An_order_that_was_over_before_its_orchestration_started_again_is_closed_without_news()
    {
        var board = new DeploymentBoard(new OpeningResult(
            OpeningOutcome.Opened, [new OpenedLease(First, LeaseState.Closed), new OpenedLease(Second, LeaseState.Closed)], null, null));
        Assert.Equal(OrderStatus.Closed, Assert.Single(board.Start()).Status);
        Assert.True(board.IsOver);
    }

    [Fact]
    public void News_of_a_foreign_lease_changes_nothing() => Assert.Null(Opened().Take(News(Keccak256.Hash("foreign"), LeaseNoticeKind.Ending)));

    private static DeploymentBoard Opened() =>
        new(new OpeningResult(OpeningOutcome.Opened, [new OpenedLease(First, LeaseState.Open), new OpenedLease(Second, LeaseState.Open)], null, null));

    private static LeaseNotice News(Hash32 lease, LeaseNoticeKind kind) => new(lease, kind, null, null);
}
