using Dweb.Chain.Abi;
using Dweb.Core.Protocol.Errors;
using static Dweb.Chain.Contracts.ContractErrors;
using static Dweb.Cli.Errors.SentenceValues;

namespace Dweb.Cli.Errors;

/// <summary>Refusals of DAOs, and of what the protocol's own DAO decides.</summary>
internal static class DaoSentences
{
    public static (ErrorCode, string)? Find(ContractError error) => OfArticles(error) ?? OfShares(error) ?? OfTreasury(error) ?? OfSettings(error);

    private static (ErrorCode, string)? OfArticles(ContractError error) => error switch
    {
        DaoKnown e => (Catalogue.NameTaken, $"This wallet has made a DAO of this name ({e.Id})."),
        QuorumOutOfRange e => (Catalogue.InvalidValue, $"A quorum of {e.Percent} % is outside 1 to 100."),
        ThresholdOutOfReach e => (Catalogue.InvalidValue, $"A proposer would need {e.Threshold} shares; {e.Reachable} is the most that may be asked for."),
        VotingDelayOutOfRange e => (Catalogue.InvalidValue, $"A voting delay of {e.Span} seconds is outside 1 to {e.Most}."),
        VotingPeriodOutOfRange e => (Catalogue.InvalidValue, $"A voting period of {e.Span} seconds is outside 1 to {e.Most}."),
        TimelockDelayOutOfRange e => (Catalogue.InvalidValue, $"A timelock of {e.Span} seconds is outside 1 to {e.Most}."),
        RetainAboveWhole e => (Catalogue.InvalidValue, $"{e.RetainBps} basis points cannot be kept of {e.Whole}."),
        _ => null,
    };

    private static (ErrorCode, string)? OfShares(ContractError error) => error switch
    {
        MemberZero => (Catalogue.InvalidValue, "A member is the zero address."),
        MemberTwice e => (Catalogue.InvalidValue, $"{e.Member} is named twice."),
        SharesZero e => (Catalogue.InvalidValue, $"{e.Member} is named without shares."),
        SharesTooMany e => (Catalogue.InvalidValue, $"{e.Added} shares more than {e.Total} are above {e.Most}, the most."),
        SharesTooFew e => (Catalogue.InvalidValue, $"{e.Member} has {e.Held} shares, fewer than {e.Wanted}."),
        NoSharesLeft => (Catalogue.InvalidValue, "A DAO keeps at least one share."),
        DelegationRefused e => (Catalogue.Forbidden, $"{e.Member} votes for itself and cannot let {e.To} vote."),
        VotesExpiredSignature e => (Catalogue.OrderExpired, $"The signature was good until {Time(e.Expiry)}."),
        NotTheTimelock e => (Catalogue.Forbidden, $"Only a proposal of the DAO may do that, not {e.Caller}."),
        _ => null,
    };

    private static (ErrorCode, string)? OfTreasury(ContractError error) => error switch
    {
        AboveReserve e => (Catalogue.InsufficientBalance, $"The DAO keeps {Tokens(e.Reserve)} for proposals, less than {Tokens(e.Amount)}."),
        NothingOwed e => (Catalogue.NothingToWithdraw, $"The DAO owes {e.Member} nothing yet."),
        NotADao e => (Catalogue.InvalidValue, $"The member {e.Member} is no DAO."),
        _ => null,
    };

    private static (ErrorCode, string)? OfSettings(ContractError error) => error switch
    {
        FeeOutOfRange e => (Catalogue.InvalidValue, $"A fee of {e.FeeBps} basis points is outside {e.Least} to {e.Most}."),
        BountyOutOfRange e => (Catalogue.InvalidValue, $"A bounty of {e.BountyBps} basis points of the fee is above {e.Most}."),
        RoyaltyRangeInvalid e => (Catalogue.InvalidValue, $"Royalties of {e.FloorBps} to {e.CapBps} basis points are no range within {e.Least} to {e.Most}."),
        ReferencePriceTooWide e => (Catalogue.InvalidValue, $"The reference price of {Resource(e.Resource)} can be {e.Most} wei at most, not {e.Price}."),
        _ => null,
    };
}
