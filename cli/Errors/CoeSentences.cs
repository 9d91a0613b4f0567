using Dweb.Chain.Abi;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using static Dweb.Chain.Contracts.ContractErrors;
using static Dweb.Cli.Errors.SentenceValues;

namespace Dweb.Cli.Errors;

/// <summary>Refusals of the registries of COEs and host images.</summary>
internal static class CoeSentences
{
    public static (ErrorCode, string)? Find(ContractError error) => OfOffers(error) ?? OfStakes(error) ?? OfBooks(error) ?? OfHostImages(error);

    private static (ErrorCode, string)? OfOffers(ContractError error) => error switch
    {
        CoeKnown e => (Catalogue.NameTaken, $"This wallet has a COE of this name ({e.Coe})."),
        CoeUnknown e => (Catalogue.CoeUnknown, $"There is no COE {e.Coe}."),
        AgentTaken e => (Catalogue.NameTaken, $"The agent key {e.Agent} serves COE {e.Coe}, for ever."),
        AgentConsentInvalid e => (Catalogue.ConsentNeeded, $"The key {e.Agent} has not agreed to serve COE {e.Coe}."),
        AgentZero => (Catalogue.InvalidValue, "The agent's address is zero."),
        CapacityEmpty => (Catalogue.InvalidValue, "A COE without capacity offers nothing."),
        CapacityTooWide e => (Catalogue.InvalidValue, $"A COE can offer {e.Most} of {Resource(e.Resource)}, not {e.Value}."),
        CapacityBelowAssigned e => (Catalogue.InvalidValue, $"Leases hold {e.Assigned} of {Resource(e.Resource)}; the capacity cannot be {e.Value}."),
        AskTooWide e => (Catalogue.InvalidValue, $"The most that can be asked for {Resource(e.Resource)} is {e.Most} wei, not {e.Value}."),
        RegionOutOfRange e => (Catalogue.InvalidValue, $"Region {e.Region} is outside 0 to 63."),
        StatusNotAllowed e => (Catalogue.InvalidValue, $"A COE that is {(CoeStatus)e.From} cannot become {(CoeStatus)e.To}."),
        TooManyCoes => (Catalogue.InvalidValue, "The registry is full."),
        NotTheHost e => (Catalogue.Forbidden, $"Only {e.Host}, the host, may do that, not {e.Caller}."),
        NotTheGuardian e => (Catalogue.Forbidden, $"Only guardian and governor may do that, not {e.Caller}."),
        _ => null,
    };

    private static (ErrorCode, string)? OfStakes(ContractError error) => error switch
    {
        StakeTooLow e => (Catalogue.InvalidValue, $"A stake of {Tokens(e.Stake)} is below {Tokens(e.Least)}, the least."),
        StakeLocked e => (Catalogue.InvalidValue, $"{Tokens(e.Free)} of the stake are free of bonds; {Tokens(e.Wanted)} were asked for."),
        NothingUnbonding e => (Catalogue.NothingToWithdraw, $"Nothing of COE {e.Coe} is unbonding."),
        UnbondingUntil e => (Catalogue.NothingToWithdraw, $"What COE {e.Coe} unbonds is payable from {Time(e.PayableAt)}."),
        _ => null,
    };

    private static (ErrorCode, string)? OfBooks(ContractError error) => error switch
    {
        BookUnknown e => (Catalogue.NotFound, $"The registry knows no lease book {e.Book}."),
        BookKnown e => (Catalogue.OrderConflict, $"The lease book {e.Book} was announced before."),
        BookTooEarly e => (Catalogue.InvalidValue, $"The lease book {e.Book} may assign from {Time(e.From)}."),
        TooManyBooks => (Catalogue.InvalidValue, "The registry takes no more lease books."),
        _ => null,
    };

    private static (ErrorCode, string)? OfHostImages(ContractError error) => error switch
    {
        OsImageNotUsable e => (Catalogue.InvalidValue, $"The host image {e.OsImage} is not published, or it is revoked."),
        OsImageKnown e => (Catalogue.NameTaken, $"The host image {e.OsImage} was published before."),
        OsImageUnknown e => (Catalogue.NotFound, $"There is no host image {e.OsImage}."),
        OsImageRevokedAlready e => (Catalogue.OrderConflict, $"The host image {e.OsImage} is revoked."),
        RootHashZero => (Catalogue.InvalidValue, "The root hash of the host image is zero."),
        ChannelEmpty => (Catalogue.InvalidValue, "The channel of the host image is missing."),
        MayNotRevoke e => (Catalogue.Forbidden, $"Only its signer, the guardian or the governor may revoke a host image, not {e.Caller}."),
        _ => null,
    };
}
