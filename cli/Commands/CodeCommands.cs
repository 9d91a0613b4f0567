using System.CommandLine;
using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <summary>Repositories of source code as NFTs, and what they earn.</summary>
internal static class CodeCommands
{
    public static Command Create(Verbs verbs) => Verbs.Group(
        "code", "Repositories as NFTs, their signed releases, their royalties.",
        [
            CreateRepository(verbs), ReleaseCommand.Create(verbs), List(verbs), ReleaseShowCommand.Create(verbs), PullRoyaltyCommand.Create(verbs),
            .. CodeChangeCommands.Create(verbs),
        ]);

    private static Command CreateRepository(Verbs verbs)
    {
        var name = new Argument<string>("NAME") { Description = "Name of the repository." };
        var payee = ValueParsers.AddressOption("--payee", "Who is paid its royalties; the wallet otherwise.");
        return verbs.Verb(
            "create", "Mints a repository to the wallet.", "dweb code create busybox-httpd --wallet carol", [name, payee],
            async (run, cancellationToken) =>
            {
                var result = await CreateAsync(run, run.Get(name), run.Get(payee) ?? run.Wallet.Account.Address, cancellationToken);
                run.Printer.Show(result, CliJson.Default.RepositoryResult, static r => Printer.Table(
                    ["REPOSITORY", "OWNER", "PAYEE", "TOKEN"], [[r.Name, r.Owner.ToString(), r.Payee.ToString(), r.Repository.ToString()]]));
            });
    }

    private static async Task<RepositoryResult> CreateAsync(Run run, string name, EvmAddress payee, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var transactions = run.Transactions;
        var owner = transactions.Account.Address;
        var id = Ids.Repository(chain.DomainOf(chain.Addresses.CodeRegistry), owner, name);
        await chain.RequireAsync(cancellationToken);
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.CodeRegistry], [[CodeRegistry.Events.RepositoryCreated.Topic], [id]], chain.Addresses.Block, null, cancellationToken);
        if (logs.Count > 0 && CodeRegistry.Events.RepositoryCreated.TryDecode(logs[0], out var known) && known.Payee == payee)
        {
            return new RepositoryResult(id, name, owner, payee, null);
        }

        var receipt = await transactions.SendAsync(chain.Code.CreateRepository(name, payee), $"the creation of repository '{name}', paid to {payee}", cancellationToken);
        return new RepositoryResult(id, name, owner, payee, receipt.TransactionHash);
    }

    private static Command List(Verbs verbs) => verbs.Verb("ls", "Lists repositories and their releases.", "dweb code ls", [], async (run, cancellationToken) =>
    {
        var all = await run.Api.GetAsync("/api/code", DwebJson.Default.IReadOnlyListRepositoryView, null, cancellationToken);
        run.Printer.Show(all, DwebJson.Default.IReadOnlyListRepositoryView, static repositories => Printer.Table(
            ["REPOSITORY", "OWNER", "VERSION", "LICENCE", "SOURCE SHA256", "URI"],
            repositories.SelectMany(static repository => repository.Releases.Count == 0
                ? [[repository.Name, repository.Owner.ToString(), "", "", "", ""]]
                : repository.Releases.Select(release => (string[])
                    [repository.Name, repository.Owner.ToString(), release.Version, release.License, release.SourceDigest.ToString()[2..18], release.Uri]))));
    });
}
