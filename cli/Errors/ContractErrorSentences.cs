using Dweb.Chain.Abi;
using Dweb.Core.Protocol.Errors;
using static Dweb.Chain.Contracts.ContractErrors;
using static Dweb.Cli.Errors.SentenceValues;

namespace Dweb.Cli.Errors;

/// <summary>What a contract says when it refuses, as an entry of the catalogue and a sentence with the values.</summary>
internal static class ContractErrorSentences
{
    public static (ErrorCode Error, string Sentence) Translate(ContractError error) =>
        OfMoney(error) ?? OfOrders(error) ?? LeaseSentences.Find(error) ?? CodeSentences.Find(error) ?? CoeSentences.Find(error) ?? DaoSentences.Find(error)
        ?? GovernanceSentences.Find(error) ?? TokenSentences.Find(error) ?? WiringSentences.Find(error)
        ?? (Catalogue.ContractReverted, $"The contract refused: {error}");

    private static (ErrorCode, string)? OfMoney(ContractError error) => error switch
    {
        AmountZero => (Catalogue.InvalidValue, "An amount of zero moves nothing."),
        FreeBalanceTooLow e => (Catalogue.InsufficientBalance, $"{e.User} has {Tokens(e.Free)} free in escrow; {Tokens(e.Wanted)} are needed."),
        ERC20InsufficientBalance e => (Catalogue.WalletTooPoor, $"{e.Sender} holds {Tokens(e.Balance)}; {Tokens(e.Needed)} are needed."),
        ERC20InsufficientAllowance e => (Catalogue.InsufficientBalance, $"{e.Spender} may take {Tokens(e.Allowance)}; {Tokens(e.Needed)} are needed."),
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
        OrderMismatch e => (Catalogue.OrderConflict, $"The order hashes to {e.Given}; {e.Named} was named."),
        SignerMismatch e => (Catalogue.SignatureMismatch, $"It was not signed by {e.Expected}."),
        PlanExpired e => (Catalogue.PlanRefused, $"The plan was good until {Time(e.Deadline)}; the chain's time is {Time(e.Now)}."),
        PlanTooFarAhead e => (Catalogue.PlanRefused, $"The plan's deadline {Time(e.Deadline)} is after {Time(e.Latest)}, the latest allowed."),
        EntriesMismatch e => (Catalogue.PlanRefused, $"The plan was signed for entries {e.Signed}, not for {e.Given}."),
        QuorumMissed e => (Catalogue.PlanRefused, $"{e.Signatures} of {e.Quorum} scheduler members signed."),
        NotAMember e => (Catalogue.PlanRefused, $"{e.Signer} is no scheduler member."),
        WrongEpoch e => (Catalogue.PlanRefused, $"The plan was signed by the committee of epoch {e.Given}; it is epoch {e.Current}."),
        _ => null,
    };
}
