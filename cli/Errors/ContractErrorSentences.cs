using System.Globalization;
using System.Numerics;
using Dweb.Chain.Abi;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using static Dweb.Chain.Contracts.ContractErrors;

namespace Dweb.Cli.Errors;

/// <summary>What a contract says when it refuses, as an entry of the catalogue and a sentence with the values.</summary>
internal static class ContractErrorSentences
{
    public static (ErrorCode Error, string Sentence) Translate(ContractError error) =>
        OfMoney(error) ?? OfOrders(error) ?? OfLeases(error) ?? OfCode(error) ?? OfCoes(error)
        ?? (Catalogue.ContractReverted, $"The contract refused: {error}");

    private static (ErrorCode, string)? OfMoney(ContractError error) => error switch
    {
        AmountZero => (Catalogue.InvalidValue, "An amount of zero moves nothing."),
        FreeBalanceTooLow e => (Catalogue.InsufficientBalance, $"{e.User} has {Dweb(e.Free)} free in escrow; {Dweb(e.Wanted)} are needed."),
        ERC20InsufficientBalance e => (Catalogue.WalletTooPoor, $"{e.Sender} holds {Dweb(e.Balance)}; {Dweb(e.Needed)} are needed."),
        ERC20InsufficientAllowance e => (Catalogue.InsufficientBalance, $"{e.Spender} may take {Dweb(e.Allowance)}; {Dweb(e.Needed)} are needed."),
        ERC2612ExpiredSignature e => (Catalogue.OrderExpired, $"The permit was good until {Time(e.Deadline)}."),
        ERC2612InvalidSigner e => (Catalogue.SignatureMismatch, $"The permit was signed by {e.Signer}, not by {e.Owner}."),
        FaucetOnLocalChainOnly e => (Catalogue.Forbidden, $"The faucet is on the local chain only; this is chain {e.ChainId}."),
        NothingEarned e => (Catalogue.NothingToWithdraw, $"COE {e.Coe} has no matured earnings."),
        NothingToPay e => (Catalogue.NothingToWithdraw, $"Royalty account {e.Account} holds nothing."),
        _ => null,
    };

    private static (ErrorCode, string)? OfOrders(ContractError error) => error switch
    {
        OrderKnown e => (Catalogue.OrderConflict, $"Order {e.OrderHash} was admitted before."),
        OrderUnknown e => (Catalogue.NotFound, $"The chain has not admitted an order {e.OrderHash}."),
        OrderCancelledAlready e => (Catalogue.OrderCancelled, $"Order {e.OrderHash} is cancelled."),
        OrderExpired e => (Catalogue.OrderExpired, $"The order was to be submitted by {Time(e.SubmitBy)}; the chain's time is {Time(e.Now)}."),
        OrderFromOldEpoch e => (Catalogue.OrderCancelled, $"The order is of the user's epoch {e.Epoch}; the user has cancelled all before epoch {e.Current}."),
        OrderMalformed e => (Catalogue.InvalidValue, $"Field {e.Field} of the order is outside its range."),
        ServicesMismatch e => (Catalogue.SpecMismatch, $"The order was signed for services {e.Signed}, not for {e.Given}."),
        SignerMismatch e => (Catalogue.SignatureMismatch, $"The order was not signed by {e.Expected}."),
        PlanExpired e => (Catalogue.PlanRefused, $"The plan was good until {Time(e.Deadline)}; the chain's time is {Time(e.Now)}."),
        PlanTooFarAhead e => (Catalogue.PlanRefused, $"The plan's deadline {Time(e.Deadline)} is after {Time(e.Latest)}, the latest allowed."),
        EntriesMismatch e => (Catalogue.PlanRefused, $"The plan was signed for entries {e.Signed}, not for {e.Given}."),
        QuorumMissed e => (Catalogue.PlanRefused, $"{e.Signatures} of {e.Quorum} scheduler members signed."),
        NotAMember e => (Catalogue.PlanRefused, $"{e.Signer} is no scheduler member."),
        WrongEpoch e => (Catalogue.PlanRefused, $"The plan was signed by the committee of epoch {e.Given}; it is epoch {e.Current}."),
        _ => null,
    };

    private static (ErrorCode, string)? OfLeases(ContractError error) => error switch
    {
        LeaseUnknown e => (Catalogue.NotFound, $"The chain knows no lease {e.LeaseId}."),
        LeaseNotOpen e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} is {(LeaseState)e.State}, not Open."),
        LeaseNotEnding e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} is {(LeaseState)e.State}, not Ending."),
        LateReportsStillTaken e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} takes late reports until {Time(e.Until)}."),
        StillFunded e => (Catalogue.LeaseNotOpen, $"Lease {e.LeaseId} is funded until {Time(e.FundedUntil)}."),
        NotTheUser e => (Catalogue.Forbidden, $"Only {e.User} may do that, not {e.Caller}."),
        _ => null,
    };

    private static (ErrorCode, string)? OfCode(ContractError error) => error switch
    {
        RepositoryKnown e => (Catalogue.NameTaken, $"This wallet has a repository of this name (token {e.Repository})."),
        RepositoryUnknown e => (Catalogue.NotFound, $"There is no repository of token {e.Repository}."),
        ReleaseKnown e => (Catalogue.NameTaken, $"This version was released before ({e.ReleaseId})."),
        SignerNotOwner e => (Catalogue.Forbidden, $"Only {e.Owner}, who owns the repository, can sign its releases."),
        NameEmpty => (Catalogue.InvalidValue, "A name is missing."),
        VersionEmpty => (Catalogue.InvalidValue, "The version is missing."),
        LicenseEmpty => (Catalogue.InvalidValue, "The licence is missing."),
        SourceDigestZero => (Catalogue.InvalidValue, "The digest of the source is zero."),
        PayeeZero => (Catalogue.InvalidValue, "The payee is the zero address."),
        ImageKnown e => (Catalogue.NameTaken, $"The image {Digest(e.ManifestDigest)} was minted before."),
        ImageUnknown e => (Catalogue.ImageNotMinted, $"No image {Digest(e.ManifestDigest)} is minted."),
        DigestZero => (Catalogue.InvalidValue, "The digest of the image is zero."),
        RoyaltyOutOfRange e => (Catalogue.InvalidValue, $"A royalty of {e.RoyaltyBps} basis points is outside {e.Floor} to {e.Cap}."),
        TooManyComponents e => (Catalogue.InvalidValue, $"{e.Count} components are more than {e.Most}."),
        ComponentUnknown e => (Catalogue.NotFound, $"There is no release {e.Release}."),
        SignerNotPublisher e => (Catalogue.SignatureMismatch, $"The image was not signed by {e.Publisher}."),
        NodeKnown e => (Catalogue.NameTaken, $"Node {e.Node} of the royalty graph exists."),
        NodeUnknown e => (Catalogue.NotFound, $"There is no node {e.Node} in the royalty graph."),
        EdgeOutOfRange e => (Catalogue.InvalidValue, $"Node {e.Node} has no edge {e.Edge}."),
        WeightZero e => (Catalogue.InvalidValue, $"The weight of edge {e.Edge} is zero; weights are 1 to 65535."),
        RankTooDeep e => (Catalogue.InvalidValue, $"Node {e.Node} would be {e.Rank} deep in the royalty graph; 6 is the most."),
        _ => null,
    };

    private static (ErrorCode, string)? OfCoes(ContractError error) => error switch
    {
        CoeKnown e => (Catalogue.NameTaken, $"This wallet has a COE of this name ({e.Coe})."),
        CoeUnknown e => (Catalogue.CoeUnknown, $"There is no COE {e.Coe}."),
        AgentTaken e => (Catalogue.NameTaken, $"The agent key {e.Agent} serves COE {e.Coe}, for ever."),
        AgentZero => (Catalogue.InvalidValue, "The agent's address is zero."),
        CapacityEmpty => (Catalogue.InvalidValue, "A COE without capacity offers nothing."),
        RegionOutOfRange e => (Catalogue.InvalidValue, $"Region {e.Region} is outside 0 to 63."),
        NotTheHost e => (Catalogue.Forbidden, $"Only {e.Host}, the host, may do that, not {e.Caller}."),
        _ => null,
    };

    private static string Dweb(BigInteger wei) => Amount.FormatGrouped(wei) + " DWEB";

    private static string Digest(Hash32 digest) => "sha256:" + digest.ToString()[2..];

    private static string Time(BigInteger seconds) => seconds < 253_402_300_800
        ? DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : seconds.ToString(CultureInfo.InvariantCulture);
}
