using Dweb.Agent.Reporting;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Tests.Leases;

public sealed class PhaseBoardTests
{
    private readonly PhaseBoard board = new(TimeProvider.System);
    private readonly PhaseNews news;
    private readonly Hash32 lease = Keccak256.Hash("lease");

    public PhaseBoardTests() => news = board.Read();

    [Fact]
    public void A_change_is_told_once_and_every_heartbeat_tells_all()
    {
        board.Set(Report(LeasePhase.Running));
        board.Set(Report(LeasePhase.Running));
        Assert.Single(news.TakeChanged());
        Assert.Empty(news.TakeChanged());
        Assert.Single(board.All);
    }

    [Fact]
    public void What_could_not_be_delivered_is_told_again_in_its_newest_form()
    {
        board.Set(Report(LeasePhase.Creating));
        var undelivered = news.TakeChanged();
        board.Set(Report(LeasePhase.Running));
        news.PutBack(undelivered);
        Assert.Equal(LeasePhase.Running, Assert.Single(news.TakeChanged()).Phase);
    }

    [Fact]
    public void What_one_reader_took_is_still_news_to_another()
    {
        var other = board.Read();
        board.Set(Report(LeasePhase.Running));
        Assert.Single(news.TakeChanged());
        Assert.Single(other.TakeChanged());
        Assert.Empty(other.TakeChanged());
    }

    [Fact]
    public void A_lease_that_is_over_is_told_of_no_more()
    {
        board.Set(Report(LeasePhase.Stopped));
        board.Remove(lease);
        Assert.Empty(board.All);
        Assert.Empty(news.TakeChanged());
    }

    private LeaseReport Report(LeasePhase phase) => new(lease, phase, [], null, null);
}
