using Dweb.Agent.Leases;

namespace Dweb.Agent.Tests.Leases;

/// <summary>Who may start containers, and who has to go, by what one or several control planes say of a second agent with the same key.</summary>
public sealed class StandingTests
{
    private static readonly Uri A = new("http://a");
    private static readonly Uri B = new("http://b");

    [Fact]
    public void Nothing_starts_before_a_control_plane_has_accepted_the_agent()
    {
        var standing = new Standing([A, B]);
        Assert.False(standing.MayStart);
        Assert.True(standing.Accepted(A));
        Assert.True(standing.MayStart);
        Assert.False(standing.Accepted(B));
    }

    [Fact]
    public void The_only_control_plane_ends_an_agent_by_its_word_alone()
    {
        var standing = new Standing([A]);
        standing.Accepted(A);
        standing.Supersede(A);
        Assert.True(standing.Superseded.IsCompleted);
        Assert.False(standing.Accepted(A));
        Assert.False(standing.MayStart);
    }

    [Fact]
    public void The_only_control_plane_keeps_an_agent_waiting_while_another_holds_the_key()
    {
        var standing = new Standing([A]);
        standing.Accepted(A);
        standing.Duplicate(A);
        Assert.False(standing.MayStart);
        Assert.True(standing.Accepted(A));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_one_refuses_goes_on_while_another_accepts_it(bool forGood)
    {
        var standing = new Standing([A, B]);
        standing.Accepted(A);
        standing.Accepted(B);
        Refuse(standing, B, forGood);
        Assert.True(standing.MayStart);
        Assert.False(standing.Superseded.IsCompleted);
    }

    [Fact]
    public void One_that_is_away_has_not_said_that_the_agent_is_to_go()
    {
        var standing = new Standing([A, B]);
        standing.Supersede(A);
        Assert.False(standing.MayStart);
        Assert.False(standing.Superseded.IsCompleted);
    }

    [Fact]
    public void An_agent_goes_once_all_have_said_so_last()
    {
        var standing = new Standing([A, B]);
        standing.Supersede(A);
        standing.Accepted(A);
        standing.Supersede(B);
        Assert.False(standing.Superseded.IsCompleted);
        standing.Supersede(A);
        Assert.True(standing.Superseded.IsCompleted);
    }

    private static void Refuse(Standing standing, Uri plane, bool forGood)
    {
        if (forGood)
        {
            standing.Supersede(plane);
        }
        else
        {
            standing.Duplicate(plane);
        }
    }
}
