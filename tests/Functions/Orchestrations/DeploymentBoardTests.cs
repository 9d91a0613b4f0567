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
            OpeningOutcome.Opened, [Lease(First, 0, LeaseState.Parked), Lease(Second, 1, LeaseState.Parked)], null, null));
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
    public void An_order_that_one_agent_refused_runs_once_another_runs_the_replica()
    {
        var board = Opened();
        board.Take(News(Second, LeaseNoticeKind.Running));
        board.Take(News(First, LeaseNoticeKind.Refused) with { Code = "digest-mismatch", Detail = "so it says" });
        Assert.Null(board.Take(News(First, LeaseNoticeKind.Ending) with { Reason = EndReason.NoShow }));
        Assert.True(board.NeedsReplacement);
        Assert.Null(board.Take(new ReplacementResult([Lease(First, 0) with { State = LeaseState.Ending, Reason = EndReason.NoShow }, Successor], [], null, null)));
        Assert.Equal(new BoardCommit(OrderStatus.Running), board.Take(News(Successor.LeaseId, LeaseNoticeKind.Running)));
    }

    [Fact]
    public void An_order_that_an_agent_refused_stays_failed_when_only_the_others_run()
    {
        var board = Opened();
        board.Take(News(First, LeaseNoticeKind.Refused) with { Code = "digest-mismatch", Detail = "why" });
        Assert.Null(board.Take(News(First, LeaseNoticeKind.Ending) with { Reason = EndReason.Expired }));
        Assert.Null(board.Take(News(Second, LeaseNoticeKind.Running)));
        Assert.Equal(OrderStatus.Failed, board.Status);
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
            OpeningOutcome.Opened, [Lease(First, 0, LeaseState.Closed), Lease(Second, 1, LeaseState.Closed)], null, null));
        Assert.Equal(OrderStatus.Closed, Assert.Single(board.Start()).Status);
        Assert.True(board.IsOver);
    }

    [Fact]
    public void A_replica_whose_coe_is_silent_is_to_be_replaced_and_the_order_runs_again_once_its_successor_does()
    {
        var board = Running();
        Assert.Equal(new BoardCommit(OrderStatus.Degraded, "replica-lost", "silent"), board.Take(Lost(First, 70)));
        Assert.Equal([new LostLease(First, 70)], board.Replacement(Order).Lost);

        Assert.Null(board.Take(new ReplacementResult([Lease(First, 0) with { State = LeaseState.Ending, Reason = EndReason.HostFault }, Successor], [], null, null)));
        Assert.False(board.NeedsReplacement);
        Assert.Equal(new BoardCommit(OrderStatus.Running), board.Take(News(Successor.LeaseId, LeaseNoticeKind.Running)));
    }

    [Fact]
    public void A_successor_that_runs_before_its_opening_is_answered_is_not_forgotten()
    {
        var board = Running();
        board.Take(Lost(First, 70));
        Assert.Equal(OrderStatus.Running, board.Take(new ReplacementResult([Successor with { IsRunning = true }], [], null, null))?.Status);
    }

    [Fact]
    public void A_replica_that_nobody_can_take_waits_with_its_reason_and_one_that_comes_back_runs_on()
    {
        var board = Running();
        board.Take(Lost(First, 70));
        var waiting = new ReplacementResult([Lease(First, 0) with { DeadSince = 70 }], [], "no-capacity", "None of 3 COEs can take it.");
        Assert.Equal(new BoardCommit(OrderStatus.Degraded, "no-capacity", "None of 3 COEs can take it."), board.Take(waiting));
        Assert.Null(board.Take(waiting));
        Assert.True(board.NeedsReplacement);

        Assert.Equal(new BoardCommit(OrderStatus.Running), board.Take(new ReplacementResult([Lease(First, 0) with { IsRunning = true }], [], null, null)));
        Assert.False(board.NeedsReplacement);
    }

    [Theory]
    [InlineData(EndReason.HostDrain, true)]
    [InlineData(EndReason.Declined, true)]
    [InlineData(EndReason.Moved, true)]
    [InlineData(EndReason.NoShow, true)]
    [InlineData(EndReason.HostFault, true)]
    [InlineData(EndReason.User, false)]
    [InlineData(EndReason.Expired, false)]
    [InlineData(EndReason.Unfunded, false)]
    [InlineData(EndReason.RevokedMalicious, false)]
    public void A_lease_that_ends_is_replaced_when_its_end_makes_room(EndReason reason, bool replaced)
    {
        var board = Running();
        board.Take(News(First, LeaseNoticeKind.Ending) with { Reason = reason });
        Assert.Equal(replaced, board.NeedsReplacement);
    }

    [Fact]
    public void A_replica_that_its_order_leaves_no_time_is_not_placed_again_and_does_not_keep_the_order_open()
    {
        var board = Running();
        board.Take(News(First, LeaseNoticeKind.Ending) with { Reason = EndReason.HostDrain });
        Assert.Equal(OrderStatus.Running, board.Take(new ReplacementResult([], [new ReplicaId(0, 0)], null, null))?.Status);
        board.Take(News(First, LeaseNoticeKind.Closed));
        Assert.Equal(OrderStatus.Closing, board.Take(News(Second, LeaseNoticeKind.Ending))?.Status);
        Assert.Equal(OrderStatus.Closed, board.Take(News(Second, LeaseNoticeKind.Closed))?.Status);
    }

    [Fact]
    public void An_orchestration_that_starts_again_finds_what_was_lost_before()
    {
        var board = new DeploymentBoard(new OpeningResult(
            OpeningOutcome.Opened, [Lease(First, 0) with { DeadSince = 70 }, Lease(Second, 1) with { IsRunning = true }], null, null));
        Assert.Equal(OrderStatus.Degraded, Assert.Single(board.Start()).Status);
        Assert.True(board.NeedsReplacement);
    }

    [Fact]
    public void An_upgraded_replica_neither_ends_nor_degrades_its_order_and_its_successor_is_asked_for()
    {
        var board = new DeploymentBoard(new OpeningResult(OpeningOutcome.Opened, [Lease(First, 0) with { IsRunning = true }], null, null));
        Assert.Equal(OrderStatus.Running, Assert.Single(board.Start()).Status);
        Assert.Null(board.Take(News(First, LeaseNoticeKind.Ending) with { Reason = EndReason.Upgrade }));
        Assert.True(board.NeedsLook);

        Assert.Null(board.Take([Lease(First, 0) with { State = LeaseState.Ending, Reason = EndReason.Upgrade }, Successor]));
        Assert.False(board.NeedsLook);
        Assert.False(board.NeedsReplacement);
        Assert.Null(board.Take(News(First, LeaseNoticeKind.Ending) with { Reason = EndReason.Upgrade }));
        Assert.Null(board.Take(News(First, LeaseNoticeKind.Closed)));
        Assert.Equal(OrderStatus.Running, board.Status);
        Assert.Equal(OrderStatus.Closing, board.Take(News(Successor.LeaseId, LeaseNoticeKind.Ending) with { Reason = EndReason.User })?.Status);
    }

    [Fact]
    public void An_unknown_successor_that_runs_is_asked_for()
    {
        var board = Running();
        Assert.Null(board.Take(News(Successor.LeaseId, LeaseNoticeKind.Running)));
        Assert.True(board.NeedsLook);
    }

    [Fact]
    public void News_of_a_foreign_lease_changes_nothing() => Assert.Null(Opened().Take(News(Keccak256.Hash("foreign"), LeaseNoticeKind.Ending)));

    private static OpenedLease Successor { get; } = new(Keccak256.Hash("successor"), 0, 0, 1, LeaseState.Open, EndReason.None, false, 0);

    private static Hash32 Order { get; } = Keccak256.Hash("order");

    private static DeploymentBoard Opened() => new(new OpeningResult(OpeningOutcome.Opened, [Lease(First, 0), Lease(Second, 1)], null, null));

    private static DeploymentBoard Running()
    {
        var board = Opened();
        board.Take(News(First, LeaseNoticeKind.Running));
        board.Take(News(Second, LeaseNoticeKind.Running));
        return board;
    }

    private static OpenedLease Lease(Hash32 id, ushort replica, LeaseState state = LeaseState.Open) => new(id, 0, replica, 0, state, EndReason.None, false, 0);

    private static LeaseNotice News(Hash32 lease, LeaseNoticeKind kind) => new(lease, kind);

    private static LeaseNotice Lost(Hash32 lease, ulong since) => new(lease, LeaseNoticeKind.Lost, Detail: "silent", DeadSince: since);
}
