using Dweb.Chain.Abi;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using static Dweb.Chain.Contracts.ContractErrors;
using static Dweb.Cli.Errors.SentenceValues;

namespace Dweb.Cli.Errors;

/// <summary>Refusals of the lease book about one lease, or about an order's funds.</summary>
internal static class LeaseSentences
{
    public static (ErrorCode, string)? Find(ContractError error) => OfStates(error) ?? OfFunds(error) ?? OfOpenings(error) ?? OfFaults(error) ?? OfDisputes(error);

    private static (ErrorCode, string)? OfStates(ContractError error) => error switch
    {
        LeaseUnknown e => (Catalogue.NotFound, $"The chain knows no lease {e.LeaseId}."),
        LeaseNotOpen e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} is {(LeaseState)e.State}, not Open."),
        LeaseNotParked e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} is {(LeaseState)e.State}, not Parked."),
        LeaseNotEnding e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} is {(LeaseState)e.State}, not Ending."),
        LateReportsStillTaken e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} takes late reports until {Time(e.Until)}."),
        StillFunded e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} is funded, or kept for whoever funds it, until {Time(e.Until)}."),
        NotYetUnfunded e => (Catalogue.LeaseNotOpen, $"Only its user may park lease {e.LeaseId} before {Time(e.Until)}."),
        NeverStarted e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} has never started: only its user funds it, nothing of it is kept, and once its time to start is over only its no-show ends it."),
        StartedAlready e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} has started: its host did show up."),
        MayStillStart e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} may still start until {Time(e.Until)}."),
        NotTheUser e => (Catalogue.Forbidden, $"Only {e.User} may do that, not {e.Caller}."),
        _ => null,
    };

    private static (ErrorCode, string)? OfFunds(ContractError error) => error switch
    {
        RenewalTooEarly e => (Catalogue.InvalidValue, $"Only its user may fund lease {e.LeaseId} further before {Time(e.From)}."),
        RenewalTooFar e => (Catalogue.InvalidValue, $"Others than its user may fund lease {e.LeaseId} for {e.Most} more seconds, not for {e.Wanted}."),
        DurationExceeded e => (Catalogue.InvalidValue, $"The replica of lease {e.LeaseId} has {e.Most} seconds of the order's duration left; {e.Wanted} were asked for."),
        MaxTotalExceeded e => (Catalogue.InvalidValue, $"Order {e.OrderHash} may cost {Tokens(e.Most)} in all; {Tokens(e.Wanted)} more are beyond that."),
        CapacityLacking e => (Catalogue.NoCapacity, $"COE {e.Coe} has no room for the lease now."),
        _ => null,
    };

    private static (ErrorCode, string)? OfOpenings(ContractError error) => error switch
    {
        OpeningsStopped => (Catalogue.OpeningsStopped, "The guardian has stopped new leases."),
        TooEarlyWithoutCommittee e => (Catalogue.PlanRefused, $"User and host may open without the committee from {Time(e.From)}."),
        NoSuchEntry e => (Catalogue.InvalidValue, $"There is no entry {e.Index}."),
        EntryCountMismatch e => (Catalogue.InvalidValue, $"The plan has {e.Entries} entries; {e.Given} were given to go with them."),
        UpgradeNotAllowed e => (Catalogue.Forbidden, $"Order {e.OrderHash} does not allow upgrades."),
        OverlapTooLong e => (Catalogue.InvalidValue, $"Old and new lease may overlap for {e.Most} seconds, not for {e.Overlap}."),
        ImageMismatch e => (Catalogue.InvalidValue, $"The lease does not run image {Digest(e.ImageDigest)}."),
        ImageNotMalicious e => (Catalogue.InvalidValue, $"Image {Digest(e.ImageDigest)} is not marked as malicious."),
        _ => null,
    };

    private static (ErrorCode, string)? OfFaults(ContractError error) => error switch
    {
        DeadSinceOutOfRange e => (Catalogue.InvalidValue, $"A fault at {Time(e.DeadSince)} is outside {Time(e.Least)} to {Time(e.Most)}."),
        NotAFault e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} ended for {(EndReason)e.Reason}, not for a fault of its host."),
        _ => null,
    };

    private static (ErrorCode, string)? OfDisputes(ContractError error) => error switch
    {
        DisputeOpenAlready e => (Catalogue.OrderConflict, $"A dispute about lease {e.LeaseId} is open."),
        DisputeUnknown e => (Catalogue.NotFound, $"No dispute about lease {e.LeaseId} is open."),
        DisputedAlready e => (Catalogue.InvalidValue, $"{e.Most} settled seconds of lease {e.LeaseId} can be disputed, not {e.Wanted}."),
        NothingToDispute e => (Catalogue.InvalidValue, $"Nothing of lease {e.LeaseId} can be disputed: its pay has matured, or no second was named."),
        VerdictTooLate e => (Catalogue.PlanRefused, $"A verdict about lease {e.LeaseId} was due by {Time(e.Until)}."),
        VerdictStillOpen e => (Catalogue.LeaseNotOpen, $"The committee may find a verdict about lease {e.LeaseId} until {Time(e.Until)}."),
        VerdictMismatch e => (Catalogue.PlanRefused, $"The verdict about lease {e.LeaseId} is over {e.Found} seconds; {e.Disputed} are disputed."),
        _ => null,
    };
}
