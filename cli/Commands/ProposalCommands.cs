using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="State">In words.</param>
/// <param name="For">Shares that voted so.</param>
/// <param name="VoteStart">Unix time in seconds, the chain's, as <paramref name="VoteEnd"/> and <paramref name="ExecutableFrom"/>, which is 0 until it is queued.</param>
internal sealed record ProposalView(
    Hash32 Proposal, string Title, EvmAddress Proposer, string State, BigInteger For, BigInteger Against, BigInteger Abstain, ulong VoteStart, ulong VoteEnd,
    ulong ExecutableFrom, int Calls);

/// <summary>Voting on what was proposed, and carrying out what was decided.</summary>
internal static class ProposalCommands
{
    // The numbers are the governor's.
    private static readonly string[] Votes = ["against", "for", "abstain"];

    public static IEnumerable<Command> Create(Verbs verbs) =>
    [
        Vote(verbs),
        Step(verbs, "queue", "Starts the timelock of a proposal that passed; anyone may.", "the queueing", static (proposals, proposal) => proposals.Queue(proposal)),
        Step(verbs, "execute", "Carries out a proposal after its timelock; anyone may.", "the execution", static (proposals, proposal) => proposals.Execute(proposal)),
        Step(
            verbs, "cancel", "As its proposer: takes back a proposal that is not open for votes yet.", "the taking back",
            static (proposals, proposal) => proposals.Cancel(proposal)),
        List(verbs),
    ];

    private static Command Vote(Verbs verbs)
    {
        var name = DaoCommands.DaoArgument();
        var proposal = ProposalArgument();
        var vote = new Argument<string>("VOTE") { Description = "for, against or abstain." };
        vote.AcceptOnlyFromAmong(Votes);
        return verbs.Verb("vote", "As member: votes with all shares.", "dweb dao vote tools cheaper for --wallet carol", [name, proposal, vote], (run, cancellationToken) => SendAsync(
            run, run.Get(name), run.Get(proposal), (proposals, found) => proposals.Governor.CastVote(found.ProposalId, (byte)Array.IndexOf(Votes, run.Get(vote))),
            $"the vote {run.Get(vote)} on", cancellationToken));
    }

    private static Command Step(
        Verbs verbs, string verb, string description, string change, Func<DaoProposals, DaoGovernor.Events.ProposalCreated, ContractCall> call)
    {
        var name = DaoCommands.DaoArgument();
        var proposal = ProposalArgument();
        return verbs.Verb(verb, description, $"dweb dao {verb} tools cheaper --wallet carol", [name, proposal], (run, cancellationToken) => SendAsync(
            run, run.Get(name), run.Get(proposal), call, $"{change} of", cancellationToken));
    }

    private static Command List(Verbs verbs)
    {
        var name = DaoCommands.DaoArgument();
        return verbs.Verb("proposals", "Lists a DAO's proposals and what became of them.", "dweb dao proposals tools", [name], async (run, cancellationToken) =>
        {
            var dao = await new DaoNames(run.Chain).ResolveAsync(run.Get(name), run.Self, cancellationToken);
            var proposals = new DaoProposals(run.Chain, dao);
            var views = new List<ProposalView>();
            foreach (var proposal in await proposals.ReadAsync(cancellationToken))
            {
                views.Add(await ReadAsync(proposals.Governor, proposal, cancellationToken));
            }

            run.Printer.Show(views, CliJson.Default.IReadOnlyListProposalView, static all => Printer.Table(
                ["PROPOSAL", "TITLE", "STATE", ">FOR", ">AGAINST", ">ABSTAIN", "VOTE UNTIL", "EXECUTABLE FROM"],
                all.Select(static p => (string[])
                    [
                        p.Proposal.ToString()[..14], p.Title, p.State, $"{p.For}", $"{p.Against}", $"{p.Abstain}", SentenceValues.Time(p.VoteEnd),
                        p.ExecutableFrom == 0 ? "" : SentenceValues.Time(p.ExecutableFrom),
                    ])));
        });
    }

    private static Argument<string> ProposalArgument() => new("PROPOSAL") { Description = "Title of a proposal, or the beginning of its id." };

    private static async Task<ProposalView> ReadAsync(DaoGovernor governor, DaoGovernor.Events.ProposalCreated proposal, CancellationToken cancellationToken)
    {
        var votes = await governor.ProposalVotesAsync(proposal.ProposalId, cancellationToken: cancellationToken);
        return new ProposalView(
            ChainEvents.Topic(proposal.ProposalId), proposal.Description, proposal.Proposer,
            ProposalStates.Describe(await governor.StateAsync(proposal.ProposalId, cancellationToken: cancellationToken)), votes.ForVotes, votes.AgainstVotes,
            votes.AbstainVotes, (ulong)proposal.VoteStart, (ulong)proposal.VoteEnd,
            (ulong)await governor.ProposalEtaAsync(proposal.ProposalId, cancellationToken: cancellationToken), proposal.Targets.Count);
    }

    private static async Task SendAsync(
        Run run, string daoText, string proposalText, Func<DaoProposals, DaoGovernor.Events.ProposalCreated, ContractCall> call, string change,
        CancellationToken cancellationToken)
    {
        var dao = await new DaoNames(run.Chain).ResolveAsync(daoText, run.Self, cancellationToken);
        var proposals = new DaoProposals(run.Chain, dao);
        var proposal = await proposals.ResolveAsync(proposalText, cancellationToken);
        string id = ChainEvents.Topic(proposal.ProposalId).ToString();
        await Change.SendAsync(run, call(proposals, proposal), proposal.Description, id, $"{change} proposal '{proposal.Description}' of DAO '{dao.Articles.Name}'", cancellationToken);
    }
}
