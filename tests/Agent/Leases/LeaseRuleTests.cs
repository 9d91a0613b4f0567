using Dweb.Agent.Leases;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Leases;

public sealed class LeaseRuleTests
{
    [Fact]
    public void An_open_funded_lease_goes_on_until_the_chains_time_reaches_its_funding()
    {
        var ticket = Given.Ticket();
        Assert.Null(LeaseRule.FindStop(ticket, null, ticket.FundedUntil - 1));
        Assert.Equal("lease-not-open", LeaseRule.FindStop(ticket, null, ticket.FundedUntil)?.Error.Code);
    }

    [Theory]
    [InlineData(LeaseState.Ending)]
    [InlineData(LeaseState.Closed)]
    public void A_lease_that_the_chain_ended_stops(LeaseState state) =>
        Assert.Equal("lease-not-open", LeaseRule.FindStop(Given.Ticket() with { State = state, FundedUntil = Given.Now }, null, Given.Now)?.Error.Code);

    [Fact]
    public void A_lease_that_an_upgrade_ends_goes_on_until_its_overlap_is_over()
    {
        var upgraded = Given.Ticket() with { State = LeaseState.Ending, Reason = EndReason.Upgrade, FundedUntil = Given.Now + 60 };
        Assert.Null(LeaseRule.FindStop(upgraded, null, Given.Now + 59));
        Assert.Equal("lease-not-open", LeaseRule.FindStop(upgraded, null, Given.Now + 60)?.Error.Code);
        Assert.Equal("image-malicious", LeaseRule.FindStop(upgraded with { ImageMalicious = true }, null, Given.Now)?.Error.Code);
    }

    [Fact]
    public void A_malicious_image_stops() =>
        Assert.Equal("image-malicious", LeaseRule.FindStop(Given.Ticket() with { ImageMalicious = true }, null, Given.Now)?.Error.Code);

    [Fact]
    public void A_lease_that_left_the_head_stops_only_when_it_is_absent_at_a_safe_block_too()
    {
        var absent = Given.Ticket() with { State = LeaseState.None };
        Assert.Null(LeaseRule.FindStop(absent, Given.Ticket(), Given.Now));
        Assert.Equal("lease-not-assigned", LeaseRule.FindStop(absent, absent, Given.Now)?.Error.Code);
        Assert.False(LeaseRule.IsOver(absent, Given.Ticket()));
        Assert.True(LeaseRule.IsOver(absent, absent));
    }

    [Fact]
    public void A_parked_lease_stops_and_goes_on_once_it_is_open_again()
    {
        var parked = Given.Ticket() with { State = LeaseState.Parked };
        Assert.Equal("lease-not-open", LeaseRule.FindStop(parked, null, Given.Now)?.Error.Code);
        Assert.False(LeaseRule.IsOver(parked, null));
        Assert.Null(LeaseRule.FindStop(parked with { State = LeaseState.Open }, null, Given.Now));
    }

    [Theory]
    [InlineData(LeaseState.Open)]
    [InlineData(LeaseState.Parked)]
    public void A_container_that_nobody_funds_is_kept_while_its_storage_is_paid_and_reported_of_until_the_lease_is_closed(LeaseState state)
    {
        var ticket = Given.Ticket() with { State = state };
        Assert.False(LeaseRule.IsKeptNoLonger(ticket, ticket.FundedUntil));
        Assert.False(LeaseRule.IsKeptNoLonger(ticket, ticket.KeptUntil - 1));
        Assert.True(LeaseRule.IsKeptNoLonger(ticket, ticket.KeptUntil));
        Assert.False(LeaseRule.IsOver(ticket, null));
    }

    [Fact]
    public void A_container_of_an_ended_lease_is_kept_until_it_is_closed_however_late() =>
        Assert.False(LeaseRule.IsKeptNoLonger(Given.Ticket() with { State = LeaseState.Ending }, ulong.MaxValue));

    [Fact]
    public void A_container_is_kept_while_late_reports_are_taken()
    {
        Assert.False(LeaseRule.IsOver(Given.Ticket() with { State = LeaseState.Ending }, null));
        Assert.True(LeaseRule.IsOver(Given.Ticket() with { State = LeaseState.Closed }, null));
    }

    [Fact]
    public void The_chains_time_never_runs_backwards()
    {
        var clock = new ChainClock();
        clock.Note(7);
        clock.Note(5);
        Assert.Equal(7UL, clock.Now);
    }
}
