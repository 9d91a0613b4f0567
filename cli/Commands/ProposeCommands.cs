using System.CommandLine;
using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Commands;

/// <param name="VoteStart">Unix time in seconds, the chain's, as <paramref name="VoteEnd"/>.</param>
internal sealed record ProposedView(Hash32 Proposal, string Title, ulong VoteStart, ulong VoteEnd, Hash32 Transaction);

/// <summary>Proposing what a DAO is to do: any calls, or one of those that every DAO needs.</summary>
internal static class ProposeCommands
{
    public static IEnumerable<Command> Create(Verbs verbs) => 
    [
        Propose(verbs), Spend(verbs), Shares(verbs), Issue(verbs), Retire(verbs), Retain(verbs), Threshold(verbs), Recast(verbs),
        Rule(verbs, "propose-voting-delay", "seconds from a proposal to its vote", static (run, dao, n) => new DaoGovernor(run.Chain.Client, dao.Governor).SetVotingDelay(n)),
        Rule(verbs, "propose-voting-period", "seconds that votes are taken", static (run, dao, n) => new DaoGovernor(run.Chain.Client, dao.Governor).SetVotingPeriod(n)),
        Rule(verbs, "propose-quorum", "percent of all shares that have to vote", static (run, dao, n) => new DaoGovernor(run.Chain.Client, dao.Governor).UpdateQuorumNumerator(n)),
        Rule(verbs, "propose-timelock", "seconds from queueing to execution", static (run, dao, n) => new DaoTimelock(run.Chain.Client, dao.Timelock).UpdateDelay(n)),
    ];

    private static Command Propose(Verbs verbs)
    {
        var name = DaoCommands.DaoArgument();
        var call = new Option<IReadOnlyList<CallText>>("--call")
        {
            Description = "Address or name of a contract, a function's signature and its arguments; may be repeated. Names are those of the deployment file, and shares, treasury, governor and timelock of the DAO.",
            HelpName = "TARGET SIGNATURE ARGS…",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
            CustomParser = static result =>
            {
                if (!CallText.TryParse([.. result.Tokens.Select(static token => token.Value)], out var calls, out string? problem))
                {
                    result.AddError(problem!);
                }

                return calls;
            },
        };
        var title = new Option<string>("--title") { Description = "What it is, for members to read; makes it differ from others.", HelpName = "TEXT", Required = true };
        return verbs.Verb(
            "propose", "As member: proposes calls that the DAO's timelock is to make.",
            "dweb dao propose tools --call ProtocolSettings setFee(uint16) 120 --title cheaper --wallet carol", [name, call, title], async (run, cancellationToken) =>
            {
                var dao = await new DaoNames(run.Chain).ResolveAsync(run.Get(name), run.Self, cancellationToken);
                await ProposeAsync(
                    run, dao, [.. run.Get(call)!.Select(c => new ContractCall(CallTargets.Resolve(run.Chain.Addresses, dao, c.Target), c.Data, c.Signature))], run.Get(title)!,
                    cancellationToken);
            });
    }

    private static Command Spend(Verbs verbs)
    {
        var name = DaoCommands.DaoArgument();
        var to = ValueParsers.AddressArgument("TO", "Who is paid.");
        var amount = ValueParsers.AmountArgument("How much of the reserve.");
        return verbs.Verb(
            "propose-spend", "As member: proposes to pay somebody from the reserve.",
            "dweb dao propose-spend tools 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 100 --wallet carol", [name, to, amount, TitleOption(out var title)],
            (run, cancellationToken) => ProposeAsync(
                run, run.Get(name), dao => new DaoTreasury(run.Chain.Client, dao.Treasury).Spend(run.Get(to), run.Get(amount)),
                run.Get(title) ?? $"spend {Amount.Format(run.Get(amount))} DWEB to {run.Get(to)}", cancellationToken));
    }

    private static Command Shares(Verbs verbs)
    {
        var from = ValueParsers.AddressArgument("FROM", "Who gives them.");
        var to = ValueParsers.AddressArgument("TO", "Who gets them.");
        return OfShares(
            verbs, "propose-shares", "As member: proposes to move shares.",
            "0x70997970C51812dc3A010C7d01b50e0d17dc79C8 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", [from, to],
            (run, shares, n) => (shares.Move(run.Get(from), run.Get(to), n), $"move {n} shares from {run.Get(from)} to {run.Get(to)}"));
    }

    private static Command Issue(Verbs verbs)
    {
        var to = ValueParsers.AddressArgument("TO", "Who gets them.");
        return OfShares(
            verbs, "propose-issue", "As member: proposes new shares.", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", [to],
            (run, shares, n) => (shares.Issue(run.Get(to), n), $"issue {n} shares to {run.Get(to)}"));
    }

    private static Command Retire(Verbs verbs)
    {
        var from = ValueParsers.AddressArgument("FROM", "Who loses them.");
        return OfShares(
            verbs, "propose-retire", "As member: proposes to retire shares.", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", [from],
            (run, shares, n) => (shares.Retire(run.Get(from), n), $"retire {n} shares of {run.Get(from)}"));
    }

    private static Command Retain(Verbs verbs)
    {
        var name = DaoCommands.DaoArgument();
        var bps = new Argument<ushort>("BPS") { Description = "Basis points of later receipts." };
        return verbs.Verb(
            "propose-retain", "As member: proposes which part of what comes in is kept for proposals.", "dweb dao propose-retain tools 1000 --wallet carol",
            [name, bps, TitleOption(out var title)], (run, cancellationToken) => ProposeAsync(
                run, run.Get(name), dao => new DaoShares(run.Chain.Client, dao.Shares).SetRetainBps(run.Get(bps)),
                run.Get(title) ?? $"keep {run.Get(bps)} basis points of receipts", cancellationToken));
    }

    private static Command Recast(Verbs verbs)
    {
        var name = DaoCommands.DaoArgument();
        var called = new Argument<string>("NAME") { Description = "What the DAO is called from then on." };
        var address = new Option<string>("--uri") { Description = "Where the text of the articles can be read.", HelpName = "URI", DefaultValueFactory = static _ => "" };
        var text = new Option<string?>("--text") { Description = "File with that text; its hash is recorded.", HelpName = "FILE" };
        return verbs.Verb(
            "propose-text", "As member: proposes another name and text of the articles.", "dweb dao propose-text tools workshop --wallet carol",
            [name, called, address, text, TitleOption(out var title)], async (run, cancellationToken) =>
            {
                var hash = run.Get(text) is { } file ? Keccak256.Hash(await File.ReadAllBytesAsync(file, cancellationToken)) : Hash32.Zero;
                await ProposeAsync(
                    run, run.Get(name), dao => new DaoShares(run.Chain.Client, dao.Shares).SetText(run.Get(called), run.Get(address)!, hash),
                    run.Get(title) ?? $"call it {run.Get(called)}", cancellationToken);
            });
    }

    // A threshold that rises has to be within a member's reach, so the chain is told of whom.
    private static Command Threshold(Verbs verbs)
    {
        var name = DaoCommands.DaoArgument();
        var count = new Argument<uint>("N") { Description = "Shares that a proposer has to hold." };
        var member = ValueParsers.AddressOption("--member", "A member who holds so many; needed when the threshold rises.");
        return verbs.Verb(
            "propose-threshold", "As member: proposes how many shares a proposer has to hold.",
            "dweb dao propose-threshold tools 10 --member 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet carol", [name, count, member, TitleOption(out var title)],
            (run, cancellationToken) => ProposeAsync(
                run, run.Get(name), dao =>
                {
                    var governor = new DaoGovernor(run.Chain.Client, dao.Governor);
                    return run.Get(member) is { } holder ? governor.RaiseProposalThreshold(run.Get(count), holder) : governor.SetProposalThreshold(run.Get(count));
                },
                run.Get(title) ?? $"{run.Get(count)} shares to propose", cancellationToken));
    }

    private static Command Rule(Verbs verbs, string verb, string what, Func<Run, DaoFactory.Events.DaoCreated, uint, ContractCall> call)
    {
        var name = DaoCommands.DaoArgument();
        var value = new Argument<uint>("N") { Description = $"The {what}." };
        return verbs.Verb(
            verb, $"As member: proposes other {what}.", $"dweb dao {verb} tools 60 --wallet carol", [name, value, TitleOption(out var title)],
            (run, cancellationToken) => ProposeAsync(
                run, run.Get(name), dao => call(run, dao, run.Get(value)), run.Get(title) ?? $"{run.Get(value)} {what}", cancellationToken));
    }

    private static Command OfShares(
        Verbs verbs, string verb, string description, string example, IReadOnlyList<Symbol> parties,
        Func<Run, DaoShares, BigInteger, (ContractCall Call, string Title)> propose)
    {
        var name = DaoCommands.DaoArgument();
        var count = new Argument<uint>("N") { Description = "How many." };
        return verbs.Verb(
            verb, description, $"dweb dao {verb} tools {example} 10 --wallet carol", [name, .. parties, count, TitleOption(out var title)], (run, cancellationToken) =>
            {
                string? given = run.Get(title);
                return ProposeAsync(
                    run, run.Get(name), dao => propose(run, new DaoShares(run.Chain.Client, dao.Shares), run.Get(count)).Call,
                    given ?? propose(run, new DaoShares(run.Chain.Client, EvmAddress.Zero), run.Get(count)).Title, cancellationToken);
            });
    }

    private static Option<string?> TitleOption(out Option<string?> title) =>
        title = new Option<string?>("--title") { Description = "Instead of what it does in words; makes it differ from others.", HelpName = "TEXT" };

    private static async Task ProposeAsync(
        Run run, string text, Func<DaoFactory.Events.DaoCreated, ContractCall> call, string title, CancellationToken cancellationToken)
    {
        var dao = await new DaoNames(run.Chain).ResolveAsync(text, run.Self, cancellationToken);
        await ProposeAsync(run, dao, [call(dao)], title, cancellationToken);
    }

    private static async Task ProposeAsync(
        Run run, DaoFactory.Events.DaoCreated dao, IReadOnlyList<ContractCall> calls, string title, CancellationToken cancellationToken)
    {
        var governor = new DaoGovernor(run.Chain.Client, dao.Governor);
        var proposal = governor.Propose(
            [.. calls.Select(static c => c.To)], [.. calls.Select(static _ => BigInteger.Zero)], [.. calls.Select(static c => c.Data)], title);
        var receipt = await run.Transactions.SendAsync(proposal, $"the proposal '{title}' to DAO '{dao.Articles.Name}'", cancellationToken);
        var created = receipt.Logs.Select(DaoProposals.Decode).OfType<DaoGovernor.Events.ProposalCreated>().FirstOrDefault()
            ?? throw new DwebException(Catalogue.WrongContract, $"{dao.Governor} announced no proposal.");
        var view = new ProposedView(ChainEvents.Topic(created.ProposalId), title, (ulong)created.VoteStart, (ulong)created.VoteEnd, receipt.TransactionHash);
        run.Printer.Show(view, CliJson.Default.ProposedView, static v => Printer.Table(
            ["PROPOSAL", "TITLE", "VOTE FROM", "UNTIL"], [[v.Proposal.ToString()[..14], v.Title, Errors.SentenceValues.Time(v.VoteStart), Errors.SentenceValues.Time(v.VoteEnd)]]));
    }
}
