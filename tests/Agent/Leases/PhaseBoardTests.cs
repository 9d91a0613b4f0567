using Dweb.Agent.Reporting;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Tests.Leases;

public sealed class PhaseBoardTests
{
    private readonly PhaseBoard board = new(TimeProvider.System);
    private readonly Hash32 lease = Keccak256.Hash("lease");

    [Fact]
    public void A_change_is_told_once_and_every_heartbeat_tells_all()
    {
        board.Set(Report(LeasePhase.Running));
        board.Set(Report(LeasePhase.Running));
        Assert.Single(board.TakeChanged());
        Assert.Empty(board.TakeChanged());
        Assert.Single(board.All);
    }

    [Fact]
    public void What_could_not_be_delivered_is_told_again_in_its_newest_form()
    {
        board.Set(Report(LeasePhase.Creating));
        var undelivered = board.TakeChanged();
        board.Set(Report(LeasePhase.Running));
        board.PutBack(undelivered);
        Assert.Equal(LeasePhase.Running, Assert.Single(board.TakeChanged()).Phase);
    }

    [Fact]
    public void A_lease_that_is_over_is_told_of_no_more()
    {
        board.Set(Report(LeasePhase.Stopped));
        board.Remove(lease);
        Assert.Empty(board.All);
        Assert.Empty(board.TakeChanged());
    }

    private LeaseReport Report(LeasePhase phase) => new(lease, phase, [], null, null);
}
