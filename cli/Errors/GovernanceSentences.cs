using System.Numerics;
using Dweb.Chain.Abi;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using static Dweb.Chain.Contracts.ContractErrors;
using static Dweb.Cli.Errors.SentenceValues;

namespace Dweb.Cli.Errors;

/// <summary>Refusals of the governor and the timelock of a DAO, and of who may decide at all.</summary>
internal static class GovernanceSentences
{
    public static (ErrorCode, string)? Find(ContractError error) => OfProposals(error) ?? OfVotes(error) ?? OfTimelock(error) ?? OfAccess(error);

    private static (ErrorCode, string)? OfProposals(ContractError error) => error switch
    {
        GovernorNonexistentProposal e => (Catalogue.NotFound, $"There is no proposal {Proposal(e.ProposalId)}."),
        GovernorUnexpectedProposalState e => (Catalogue.OrderConflict, $"Proposal {Proposal(e.ProposalId)} is {ProposalStates.Describe(e.Current)}; that needs it {Expected(e.ExpectedStates)}."),
        GovernorInsufficientProposerVotes e => (Catalogue.Forbidden, $"{e.Proposer} has {e.Votes} votes; {e.Threshold} are needed to propose."),
        GovernorRestrictedProposer e => (Catalogue.Forbidden, $"The proposal's text keeps {e.Proposer} from proposing it."),
        GovernorInvalidProposalLength e => (Catalogue.InvalidValue, $"A proposal needs as many calls as targets and values, and at least one: {e.Targets} targets, {e.Calldatas} calls and {e.Values} values were given."),
        GovernorAlreadyQueuedProposal e => (Catalogue.OrderConflict, $"Proposal {Proposal(e.ProposalId)} is queued."),
        GovernorProposalQueueingFailed e => (Catalogue.OrderConflict, $"Proposal {Proposal(e.ProposalId)} could not be queued."),
        GovernorProposalQueueingNotRequired e => (Catalogue.OrderConflict, $"Proposal {Proposal(e.ProposalId)} needs no queue."),
        GovernorUnableToCancel e => (Catalogue.Forbidden, $"Only its proposer may cancel proposal {Proposal(e.ProposalId)}, before the vote begins, not {e.Account}."),
        GovernorOnlyExecutor e => (Catalogue.Forbidden, $"Only a proposal of the DAO may do that, not {e.Account}."),
        GovernorDisabledDeposit => (Catalogue.Forbidden, "The governor takes nothing: what it does is done by its timelock."),
        GovernorInvalidVotingPeriod e => (Catalogue.InvalidValue, $"A voting period of {e.VotingPeriod} seconds is too short."),
        GovernorInvalidQuorumFraction e => (Catalogue.InvalidValue, $"A quorum of {e.QuorumNumerator} of {e.QuorumDenominator} is more than all."),
        _ => null,
    };

    private static (ErrorCode, string)? OfVotes(ContractError error) => error switch
    {
        GovernorAlreadyCastVote e => (Catalogue.OrderConflict, $"{e.Voter} has voted."),
        GovernorInvalidVoteType => (Catalogue.InvalidValue, "A vote is for, against or abstain."),
        GovernorInvalidVoteParams => (Catalogue.InvalidValue, "A vote takes no parameters."),
        GovernorInvalidSignature e => (Catalogue.SignatureMismatch, $"The vote was not signed by {e.Voter}."),
        ERC5805FutureLookup e => (Catalogue.InvalidValue, $"Votes at {Time(e.Timepoint)} are not known yet; the chain's time is {Time(e.Clock)}."),
        ERC6372InconsistentClock => (Catalogue.WrongContract, "The shares do not count time as the governor does."),
        CheckpointUnorderedInsertion => (Catalogue.WrongContract, "Votes were recorded out of order."),
        _ => null,
    };

    private static (ErrorCode, string)? OfTimelock(ContractError error) => error switch
    {
        TimelockUnexpectedOperationState e => (Catalogue.OrderConflict, $"Operation {e.OperationId} of the timelock is not {Operation(e.ExpectedStates)}."),
        TimelockUnexecutedPredecessor e => (Catalogue.OrderConflict, $"Operation {e.PredecessorId} of the timelock has to be carried out before."),
        TimelockInsufficientDelay e => (Catalogue.InvalidValue, $"A delay of {e.Delay} seconds is below {e.MinDelay}, the timelock's least."),
        TimelockInvalidOperationLength e => (Catalogue.InvalidValue, $"{e.Targets} targets were given with {e.Payloads} calls and {e.Values} values."),
        TimelockUnauthorizedCaller e => (Catalogue.Forbidden, $"Only the timelock itself may do that, not {e.Caller}."),
        _ => null,
    };

    private static (ErrorCode, string)? OfAccess(ContractError error) => error switch
    {
        AccessControlUnauthorizedAccount e => (Catalogue.Forbidden, $"{e.Account} lacks the role {e.NeededRole}."),
        AccessControlBadConfirmation => (Catalogue.Forbidden, "A role is given up by whoever holds it only."),
        OwnableUnauthorizedAccount e => (Catalogue.Forbidden, $"Only the governor may do that, not {e.Account}."),
        OwnableInvalidOwner e => (Catalogue.InvalidValue, $"{e.Owner} cannot be the governor."),
        _ => null,
    };

    private static Hash32 Proposal(BigInteger id) => ChainEvents.Topic(id);

    /// <param name="states">Bit n stands for the state of number n.</param>
    private static string Expected(Hash32 states) => Bits(states, ProposalStates.Count, ProposalStates.Describe) is { Length: > 0 } named ? named : "not to exist yet";

    private static string Operation(Hash32 states) =>
        Bits(states, 4, static bit => bit switch { 0 => "unknown", 1 => "waiting", 2 => "ready", _ => "done" }) is { Length: > 0 } named ? named : "in a state it can have";

    private static string Bits(Hash32 set, int count, Func<byte, string> describe)
    {
        var bits = ChainEvents.Number(set);
        return string.Join(" or ", Enumerable.Range(0, count).Where(bit => ((bits >> bit) & 1) == 1).Select(bit => describe((byte)bit)));
    }
}
