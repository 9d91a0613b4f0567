using Dweb.Agent.Trust;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Leases;

/// <summary>When a container stops: on the chain's word only.</summary>
internal static class LeaseRule
{
    /// <param name="head">At the newest block.</param>
    /// <param name="safe">At a safe block; read only when the newest knows no such lease, because a reorganisation may bring it back.</param>
    /// <param name="now">Timestamp of the newest block, Unix seconds.</param>
    /// <returns>Why it stops; null to keep it running.</returns>
    public static Refusal? FindStop(LeaseTicket head, LeaseTicket? safe, ulong now)
    {
        if (head.State == LeaseState.None)
        {
            return safe?.State == LeaseState.None ? new(Catalogue.LeaseNotAssigned, "The lease is no longer on the chain.") : null;
        }

        if (head.ImageMalicious)
        {
            return new(Catalogue.ImageMalicious, $"Image {head.ImageDigest} is marked as malicious on chain.");
        }

        if (head.State == LeaseState.Parked)
        {
            return new(Catalogue.LeaseNotOpen, $"The lease is parked on chain; its container is kept until {head.KeptUntil}.");
        }

        if (head.State == LeaseState.Ending && now < head.FundedUntil)
        {
            // Its successor has opened; this one goes on beside it until the overlap is over.
            return null;
        }

        if (head.State != LeaseState.Open)
        {
            return new(Catalogue.LeaseNotOpen, $"The lease is {head.State} on chain ({head.Reason}).");
        }

        return now < head.FundedUntil ? null : new(
            Catalogue.LeaseNotOpen, $"The lease was funded until {head.FundedUntil}; the chain's time is {now}. Its container is kept until {head.KeptUntil}.");
    }

    /// <summary>
    /// True once the storage of a lease that nobody funds is paid for no longer, so that its container may go. What it used is still reported
    /// until the chain closes it.
    /// </summary>
    /// <param name="now">Timestamp of the newest block, Unix seconds.</param>
    public static bool IsKeptNoLonger(LeaseTicket head, ulong now) => head.State is LeaseState.Open or LeaseState.Parked && now >= head.KeptUntil;

    /// <summary>True once nothing can be reported or started any more, so that container and record may go.</summary>
    public static bool IsOver(LeaseTicket head, LeaseTicket? safe) =>
        head.State == LeaseState.Closed || (head.State == LeaseState.None && safe?.State == LeaseState.None);
}
