using System.Text;
using System.Text.Json;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Trust;

/// <summary>Holds what a control plane says against what the chain says. Each disagreement has its own error.</summary>
internal static class TicketCheck
{
    /// <param name="now">Timestamp of a block, Unix seconds.</param>
    /// <param name="spec">The verified spec when nothing is refused.</param>
    /// <returns>Null when the lease may run here.</returns>
    public static Refusal? Find(AssignmentDocument assignment, LeaseTicket ticket, AgentStanding me, ulong now, out ContainerSpec? spec)
    {
        spec = null;
        return FindInId(assignment, me) ?? FindInLease(assignment, ticket, me, now) ?? FindInImage(ticket) ?? FindInSpec(assignment, ticket, out spec);
    }

    /// <returns>Null when the lease's id is that of the slot that the assignment names, on this COE.</returns>
    public static Refusal? FindInId(AssignmentDocument assignment, AgentStanding me)
    {
        var derived = assignment.KeyOn(me.Coe).Id(me.Book);
        return derived == assignment.LeaseId ? null : new(
            Catalogue.LeaseNotAssigned,
            $"The lease of replica {assignment.Service}.{assignment.Replica} generation {assignment.Generation} of order {assignment.OrderHash} on this COE is "
            + $"{derived}, not {assignment.LeaseId}.");
    }

    private static Refusal? FindInLease(AssignmentDocument assignment, LeaseTicket ticket, AgentStanding me, ulong now)
    {
        if (ticket.State == LeaseState.None)
        {
            return new(Catalogue.LeaseNotAssigned, $"The chain knows no lease {assignment.LeaseId}.");
        }

        if (ticket.Coe != me.Coe)
        {
            return new(Catalogue.LeaseNotAssigned, $"The chain gives lease {assignment.LeaseId} to COE {ticket.Coe}, not to {me.Coe}.");
        }

        if (ticket.Agent != me.Key)
        {
            return new(Catalogue.AgentKeyMismatch, $"The COE's agent key on chain is {ticket.Agent}, not this agent's {me.Key}.");
        }

        if (ticket.State != LeaseState.Open)
        {
            return new(Catalogue.LeaseNotOpen, $"The lease is {ticket.State} on chain ({ticket.Reason}).");
        }

        return now < ticket.FundedUntil
            ? null
            : new(Catalogue.LeaseNotOpen, $"The lease was funded until {ticket.FundedUntil}; the chain's time is {now}.");
    }

    private static Refusal? FindInImage(LeaseTicket ticket)
    {
        if (!ticket.ImageMinted)
        {
            return new(Catalogue.ImageNotMinted, $"No NFT stands for image {ticket.ImageDigest}.");
        }

        return ticket.ImageMalicious ? new(Catalogue.ImageMalicious, $"Image {ticket.ImageDigest} is marked as malicious on chain.") : null;
    }

    private static Refusal? FindInSpec(AssignmentDocument assignment, LeaseTicket ticket, out ContainerSpec? spec)
    {
        spec = null;
        byte[] bytes = Encoding.UTF8.GetBytes(assignment.Spec);
        var hash = Keccak256.Hash(bytes);
        if (hash != ticket.SpecHash)
        {
            return new(Catalogue.SpecMismatch, $"The spec's hash is {hash}; the user signed {ticket.SpecHash}.");
        }

        ContainerSpec read;
        try
        {
            read = ContainerSpec.FromCanonicalJson(bytes);
        }
        catch (JsonException failure)
        {
            return new(Catalogue.SpecNotCanonical, failure.Message);
        }

        if (read.ImageDigest != ticket.ImageDigest && !MayFollowChannel(assignment))
        {
            return new(Catalogue.SpecImageMismatch, $"The spec runs image {read.ImageDigest}; the lease is of image {ticket.ImageDigest}, and the user signed that none may take its place.");
        }

        spec = read;
        return null;
    }

    // The chain has hashed the order that says so, and lets no lease of another image than the channel's open; a first lease is always of the signed one.
    private static bool MayFollowChannel(AssignmentDocument assignment) =>
        assignment.Order.UpgradePolicy == (byte)UpgradePolicy.Channel && assignment.Generation > 0;
}
