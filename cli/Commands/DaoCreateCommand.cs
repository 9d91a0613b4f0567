using System.CommandLine;
using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <summary><c>dao create</c>: shares, governor, timelock and treasury in one transaction.</summary>
internal sealed class DaoCreateCommand
{
    private const uint Day = 86_400;

    private readonly Argument<string> name = new("NAME") { Description = "Name of the DAO; the creator's own choice." };

    private readonly Option<ShareText[]> members = new("--member")
    {
        Description = "A member and its shares, whole numbers; may be repeated.",
        HelpName = "ADDRESS=SHARES",
        Required = true,
        CustomParser = ValueParsers.Many<ShareText>(ShareText.TryParse, "ADDRESS=SHARES with a whole number of shares"),
    };

    private readonly Option<ushort> retain = new("--retain-bps") { Description = "Basis points of every receipt that are kept for proposals.", HelpName = "N" };
    private readonly Option<uint> delay = Seconds("--voting-delay", "Seconds from a proposal to its vote.", Day);
    private readonly Option<uint> period = Seconds("--voting-period", "Seconds that votes are taken.", 3 * Day);
    private readonly Option<uint> timelock = Seconds("--timelock", "Seconds from queueing to execution.", Day);
    private readonly Option<byte> quorum = new("--quorum") { Description = "Percent of all shares that have to vote.", HelpName = "N", DefaultValueFactory = static _ => 20 };
    private readonly Option<uint> threshold = new("--threshold") { Description = "Shares that a proposer holds.", HelpName = "N", DefaultValueFactory = static _ => 1 };
    private readonly Option<string> uri = new("--uri") { Description = "Where the text of the articles can be read.", HelpName = "URI", DefaultValueFactory = static _ => "" };
    private readonly Option<string?> text = new("--text") { Description = "File with the text of the articles; its hash goes on chain.", HelpName = "FILE" };

    public static Command Create(Verbs verbs)
    {
        var c = new DaoCreateCommand();
        return verbs.Verb(
            "create", "Makes a DAO.", "dweb dao create tools --member 0x70997970C51812dc3A010C7d01b50e0d17dc79C8=60 --retain-bps 1000 --wallet carol",
            [c.name, c.members, c.retain, c.delay, c.period, c.timelock, c.quorum, c.threshold, c.uri, c.text],
            async (run, cancellationToken) => run.Printer.Show(await c.CreateAsync(run, cancellationToken), CliJson.Default.DaoView, static d =>
            {
                Printer.Table(["DAO", "ID"], [[d.Name, d.Id.ToString()]]);
                Printer.Table(["TREASURY", "TIMELOCK", "GOVERNOR", "SHARES"], [[d.Treasury.ToString(), d.Timelock.ToString(), d.Governor.ToString(), d.Shares.ToString()]]);
            }));
    }

    private static Option<uint> Seconds(string name, string description, uint otherwise) =>
        new(name) { Description = description, HelpName = "S", DefaultValueFactory = _ => otherwise };

    private async Task<DaoView> CreateAsync(Run run, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var hash = run.Get(text) is { } file ? Keccak256.Hash(await File.ReadAllBytesAsync(file, cancellationToken)) : Hash32.Zero;
        var articles = new Articles(
            run.Get(name), run.Get(uri)!, hash, run.Get(retain), run.Get(delay), run.Get(period), run.Get(timelock), run.Get(quorum), run.Get(threshold));
        IReadOnlyList<Member> all = [.. run.Get(members)!.Select(static m => new Member(m.Member, m.Shares))];
        var transactions = run.Transactions;
        await transactions.SendAsync(
            chain.Daos.CreateDao(articles, all), $"DAO '{articles.Name}' of {all.Count} members and {all.Sum(static m => (long)m.Shares)} shares", cancellationToken);
        var id = await chain.Daos.DaoIdOfAsync(transactions.Account.Address, articles.Name, cancellationToken: cancellationToken);
        var dao = await chain.Daos.DaoOfAsync(id, cancellationToken: cancellationToken);
        return new DaoView(id, articles.Name, dao.Creator, dao.Shares, dao.Governor, dao.Timelock, dao.Treasury);
    }
}
