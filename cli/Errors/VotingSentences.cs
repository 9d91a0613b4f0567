using Dweb.Chain.Abi;
using Dweb.Core.Protocol.Errors;
using static Dweb.Chain.Contracts.ContractErrors;

namespace Dweb.Cli.Errors;

/// <summary>Refusals of a DAO's governor and timelock that a member can meet.</summary>
internal static class VotingSentences
{
    private static readonly string[] States = ["pending", "active", "cancelled", "defeated", "succeeded", "queued", "expired", "executed"];

    public static (ErrorCode, string)? Find(ContractError error) => OfProposals(error) ?? OfVotes(error) ?? OfTimelock(error);

    private static (ErrorCode, string)? OfProposals(ContractError error) => error switch
    {
        GovernorNonexistentProposal e => (Catalogue.NotFound, $"There is no proposal {e.ProposalId}."),
        GovernorUnexpectedProposalState e => (Catalogue.OrderConflict, $"Proposal {e.ProposalId} is {StateOf(e.Current)}: that cannot be done to it now."),
        GovernorAlreadyQueuedProposal e => (Catalogue.OrderConflict, $"Proposal {e.ProposalId} is queued."),
        GovernorInsufficientProposerVotes e => (Catalogue.Forbidden, $"{e.Proposer} has {e.Votes} votes; a proposer needs {e.Threshold}."),
        GovernorRestrictedProposer e => (Catalogue.Forbidden, $"{e.Proposer} may not make this proposal."),
        GovernorUnableToCancel e => (Catalogue.Forbidden, $"{e.Account} cannot cancel proposal {e.ProposalId} now."),
        GovernorInvalidProposalLength e => (Catalogue.InvalidValue, $"A proposal names as many calls as targets and values, not {e.Calldatas}, {e.Targets} and {e.Values}."),
        _ => null,
    };

    private static (ErrorCode, string)? OfVotes(ContractError error) => error switch
    {
        GovernorAlreadyCastVote e => (Catalogue.OrderConflict, $"{e.Voter} has voted."),
        GovernorInvalidSignature e => (Catalogue.SignatureMismatch, $"The vote was not signed by {e.Voter}."),
        GovernorInvalidVoteType => (Catalogue.InvalidValue, "A vote is against, for or abstain."),
        GovernorInvalidVoteParams => (Catalogue.InvalidValue, "A vote takes no further values."),
        GovernorOnlyExecutor e => (Catalogue.Forbidden, $"Only a proposal of the DAO may do that, not {e.Account}."),
        _ => null,
    };

    private static (ErrorCode, string)? OfTimelock(ContractError error) => error switch
    {
        TimelockUnexpectedOperationState e => (Catalogue.OrderConflict, $"Operation {e.OperationId} of the timelock is not in the state for that; its time may not have come."),
        TimelockInsufficientDelay e => (Catalogue.InvalidValue, $"The timelock waits {e.MinDelay} seconds at least, not {e.Delay}."),
        TimelockUnexecutedPredecessor e => (Catalogue.OrderConflict, $"Operation {e.PredecessorId} of the timelock comes first."),
        TimelockUnauthorizedCaller e => (Catalogue.Forbidden, $"Only the timelock itself may do that, not {e.Caller}."),
        AccessControlUnauthorizedAccount e => (Catalogue.Forbidden, $"{e.Account} may not do that."),
        _ => null,
    };

    private static string StateOf(byte state) => state < States.Length ? States[state] : $"in state {state}";
}
