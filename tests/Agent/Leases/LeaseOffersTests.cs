using Dweb.Agent.Leases;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Tests.Leases;

/// <summary>Which of several control planes' words about one lease is tried.</summary>
public sealed class LeaseOffersTests
{
    private static readonly Uri A = new("http://a");
    private static readonly Uri B = new("http://b");
    private static readonly AssignmentDocument True = Given.Assignment();
    private static readonly AssignmentDocument Lie = Given.Assignment(Given.Spec("evil"));

    private readonly LeaseOffers offers = new();

    [Fact]
    public void What_is_tried_stays_while_somebody_says_so()
    {
        offers.Put(A, True);
        offers.Put(B, Lie);
        Assert.Equal(True, offers.Find(True, isRefused: false));
        Assert.Equal(Lie, offers.Find(Lie, isRefused: false));
        offers.Remove(A);
        Assert.Equal(Lie, offers.Find(True, isRefused: false));
    }

    [Fact]
    public void What_a_check_refused_makes_room_for_what_another_says()
    {
        offers.Put(A, Lie);
        offers.Put(B, True);
        Assert.Equal(True, offers.Find(Lie, isRefused: true));
        Assert.Null(offers.Find(True, isRefused: true));
    }

    [Fact]
    public void The_same_said_again_stays_refused_and_something_new_does_not()
    {
        offers.Put(A, Lie);
        Assert.Null(offers.Find(Lie, isRefused: true));
        offers.Put(A, Lie with { Stop = true });
        Assert.Null(offers.Find(Lie, isRefused: true));
        offers.Put(A, True);
        Assert.Equal(True, offers.Find(Lie, isRefused: true));
    }

    [Fact]
    public void Without_a_spec_nothing_is_said_of_it()
    {
        offers.Put(A, True with { Spec = "" });
        Assert.Equal(True with { Spec = "" }, offers.Find(True, isRefused: false));
        Assert.Null(offers.Find(True, isRefused: true));
        Assert.Empty(offers.Specs);
        offers.Put(B, True);
        Assert.Equal(True, offers.Find(True with { Spec = "" }, isRefused: false));
    }

    [Fact]
    public void All_are_looked_at_in_turn_whatever_was_refused()
    {
        offers.Put(A, Lie);
        offers.Put(B, True);
        offers.Find(Lie, isRefused: true);
        offers.Find(True, isRefused: true);
        Assert.Equal((True, Lie), (offers.After(Lie), offers.After(True)));
        Assert.Equal(True, new LeaseOffers().After(True));
    }
}
