using Dweb.Agent.Tests.Support;
using Dweb.Agent.Trust;
using Dweb.Chain.Contracts;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Trust;

public sealed class TicketCheckTests
{
    private static readonly Dictionary<string, (string Code, Func<LeaseTicket, LeaseTicket> Change)> Tickets = new(StringComparer.Ordinal)
    {
        ["unknown"] = ("lease-not-assigned", static t => t with { State = LeaseState.None }),
        ["of another COE"] = ("lease-not-assigned", static t => t with { Coe = Keccak256.Hash("another") }),
        ["of another agent"] = ("agent-key-mismatch", static t => t with { Agent = Given.Publisher }),
        ["ending"] = ("lease-not-open", static t => t with { State = LeaseState.Ending }),
        ["parked"] = ("lease-not-open", static t => t with { State = LeaseState.Parked }),
        ["closed"] = ("lease-not-open", static t => t with { State = LeaseState.Closed }),
        ["not funded"] = ("lease-not-open", static t => t with { FundedUntil = Given.Now }),
        ["image not minted"] = ("image-not-minted", static t => t with { ImageMinted = false }),
        ["image malicious"] = ("image-malicious", static t => t with { ImageMalicious = true }),
        ["other spec"] = ("spec-mismatch", static t => t with { SpecHash = Keccak256.Hash("another") }),
        ["other image"] = ("spec-image-mismatch", static t => t with { ImageDigest = Keccak256.Hash("another") }),
    };

    private static readonly Dictionary<string, (string Code, Func<AssignmentDocument, AssignmentDocument> Lie)> Lies = new(StringComparer.Ordinal)
    {
        ["order"] = ("lease-not-assigned", static a => a with { OrderHash = Keccak256.Hash("another") }),
        ["service"] = ("lease-not-assigned", static a => a with { Service = 1 }),
        ["replica"] = ("lease-not-assigned", static a => a with { Replica = 0 }),
        ["generation"] = ("lease-not-assigned", static a => a with { Generation = 1 }),
        ["lease id"] = ("lease-not-assigned", static a => a with { LeaseId = Keccak256.Hash("another") }),
        ["spec of another service"] = ("spec-mismatch", static a => a with { Spec = Given.Assignment(Given.Spec("evil")).Spec }),
        ["spec with a space"] = ("spec-mismatch", static a => a with { Spec = a.Spec + " " }),
        ["no spec"] = ("spec-mismatch", static a => a with { Spec = "" }),
    };

    public static TheoryData<string> WhatTheChainMaySay => [.. Tickets.Keys];

    public static TheoryData<string> LiesOfAControlPlane => [.. Lies.Keys];

    [Fact]
    public void A_lease_on_which_all_agree_may_run()
    {
        Assert.Null(TicketCheck.Find(Given.Assignment(), Given.Ticket(), Given.Me, Given.Now, out var spec));
        Assert.Equal(Given.Spec().Hash(), spec!.Hash());
    }

    [Theory]
    [InlineData(UpgradePolicy.Channel, 1, null)]
    [InlineData(UpgradePolicy.Channel, 0, "spec-image-mismatch")]
    [InlineData(UpgradePolicy.None, 1, "spec-image-mismatch")]
    public void Another_image_runs_only_in_a_later_lease_of_an_order_that_follows_its_channel(UpgradePolicy policy, ushort generation, string? code)
    {
        var given = Given.Assignment();
        var assignment = given with { Generation = generation, Order = given.Order with { UpgradePolicy = (byte)policy } };
        assignment = assignment with { LeaseId = assignment.KeyOn(Given.Me.Coe).Id(Given.Me.Book) };
        var ticket = Given.Ticket() with { Generation = generation, ImageDigest = Keccak256.Hash("another") };
        Assert.Equal(code, TicketCheck.Find(assignment, ticket, Given.Me, Given.Now, out var spec)?.Error.Code);
        Assert.Equal(code is null, spec is not null);
    }

    [Theory]
    [MemberData(nameof(WhatTheChainMaySay))]
    public void What_the_chain_does_not_allow_is_refused_with_its_own_code(string what)
    {
        (string code, var change) = Tickets[what];
        var refusal = TicketCheck.Find(Given.Assignment(), change(Given.Ticket()), Given.Me, Given.Now, out var spec);
        Assert.Equal(code, refusal?.Error.Code);
        Assert.Null(spec);
    }

    [Theory]
    [MemberData(nameof(LiesOfAControlPlane))]
    public void No_word_of_a_control_plane_replaces_the_chains(string what)
    {
        (string code, var lie) = Lies[what];
        var refusal = TicketCheck.Find(lie(Given.Assignment()), Given.Ticket(), Given.Me, Given.Now, out var spec);
        Assert.Equal(code, refusal?.Error.Code);
        Assert.Null(spec);
    }

    [Fact]
    public void What_the_chain_says_of_an_assignment_that_does_not_belong_together_is_a_refusal_with_the_values()
    {
        (var named, var given) = (Keccak256.Hash("named"), Keccak256.Hash("given"));
        var order = TicketMismatch.Read(new ContractErrors.OrderMismatch(named, given));
        Assert.Equal(Catalogue.LeaseNotAssigned, order?.Error);
        Assert.Contains(named.ToString(), order!.Detail, StringComparison.Ordinal);
        Assert.Contains(given.ToString(), order.Detail, StringComparison.Ordinal);
        Assert.Equal(Catalogue.LeaseNotAssigned, TicketMismatch.Read(new ContractErrors.ServicesMismatch(named, given))?.Error);
        Assert.Equal(Catalogue.SpecImageMismatch, TicketMismatch.Read(new ContractErrors.ImageMismatch(given))?.Error);
        Assert.Null(TicketMismatch.Read(new ContractErrors.LeaseUnknown(named)));
    }

    [Fact]
    public void A_spec_whose_hash_was_signed_must_still_be_canonical()
    {
        string loose = Given.Assignment().Spec.Replace("{\"service\"", "{ \"service\"", StringComparison.Ordinal);
        var ticket = Given.Ticket() with { SpecHash = Keccak256.Hash(loose) };
        Assert.Equal(Catalogue.SpecNotCanonical, TicketCheck.Find(Given.Assignment() with { Spec = loose }, ticket, Given.Me, Given.Now, out _)?.Error);
    }
}
