using System.CommandLine;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="Timelock">In whose name it acts: owner, governor or member elsewhere.</param>
internal sealed record DaoView(Hash32 Id, string Name, EvmAddress Creator, EvmAddress Shares, EvmAddress Governor, EvmAddress Timelock, EvmAddress Treasury);

/// <summary>DAOs: people who own and decide together, and are paid by their shares.</summary>
internal static class DaoCommands
{
    public static Command Create(Verbs verbs) => Verbs.Group(
        "dao", "Shared ownership: members, proposals, a treasury that pays by shares.",
        [DaoCreateCommand.Create(verbs), List(verbs), DaoShowCommand.Create(verbs), Draw(verbs), Recognise(verbs), .. ProposeCommands.Create(verbs), .. ProposalCommands.Create(verbs)]);

    internal static Argument<string> DaoArgument() => new("DAO") { Description = "Name of a DAO, the beginning of its id, or the address of one of its contracts." };

    private static Command List(Verbs verbs) => verbs.Verb("ls", "Lists DAOs.", "dweb dao ls", [], async (run, cancellationToken) =>
    {
        var all = await new DaoNames(run.Chain).ReadAsync(cancellationToken);
        IReadOnlyList<DaoView> views = [.. all.Select(static d => new DaoView(d.Id, d.Articles.Name, d.Creator, d.Shares, d.Governor, d.Timelock, d.Treasury))];
        run.Printer.Show(views, CliJson.Default.IReadOnlyListDaoView, static daos => Printer.Table(
            ["DAO", "ID", "TIMELOCK", "TREASURY"], daos.Select(static d => (string[])[d.Name, d.Id.ToString()[..14], d.Timelock.ToString(), d.Treasury.ToString()])));
    });

    private static Command Recognise(Verbs verbs)
    {
        var name = DaoArgument();
        var member = new Argument<string>("MEMBER") { Description = "A member that became a DAO: its name or the beginning of its id." };
        return verbs.Verb(
            "recognise", "Has a member that is a DAO paid to its treasury from now on; anyone may.", "dweb dao recognise tools guild --wallet carol", [name, member],
            async (run, cancellationToken) =>
            {
                var names = new DaoNames(run.Chain);
                var dao = await names.ResolveAsync(run.Get(name), run.Self, cancellationToken);
                var found = await names.ResolveAsync(run.Get(member), run.Self, cancellationToken);
                await Change.SendAsync(
                    run, new Chain.Contracts.DaoTreasury(run.Chain.Client, dao.Treasury).Recognise(found.Timelock), dao.Articles.Name, dao.Treasury.ToString(),
                    $"DAO '{found.Articles.Name}' as a member of '{dao.Articles.Name}' that is paid to its treasury", cancellationToken);
            });
    }

    private static Command Draw(Verbs verbs)
    {
        var name = DaoArgument();
        var member = new Argument<string?>("MEMBER") { Description = "Address of a member, or a wallet; --wallet's otherwise.", Arity = ArgumentArity.ZeroOrOne };
        return verbs.Verb("draw", "Pays a member what the treasury owes it; anyone may.", "dweb dao draw tools --wallet carol", [name, member], async (run, cancellationToken) =>
        {
            var dao = await new DaoNames(run.Chain).ResolveAsync(run.Get(name), run.Self, cancellationToken);
            var account = run.Find(member) is { } text ? TokenCommands.Account(run, text) : run.Wallet.Account;
            var treasury = new Chain.Contracts.DaoTreasury(run.Chain.Client, dao.Treasury);
            var owed = await treasury.OwedToAsync(account.Address, cancellationToken: cancellationToken);
            await Change.SendAsync(
                run, treasury.Draw(account.Address), dao.Articles.Name, dao.Treasury.ToString(),
                $"the payment of {Amount.FormatGrouped(owed)} DWEB to {account.Name} ({account.Address})", cancellationToken);
        });
    }
}
