using System.CommandLine;
using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Source;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using ReleaseMessage = Dweb.Core.Protocol.Messages.Release;

namespace Dweb.Cli.Commands;

/// <summary><c>code release</c>: publishes a version that the repository's owner signed.</summary>
internal static class ReleaseCommand
{
    public static Command Create(Verbs verbs)
    {
        var repository = new Argument<string>("REPO") { Description = "A repository of the wallet." };
        var version = new Argument<string>("VERSION") { Description = "Any text; a version is released once." };
        var source = new Option<string>("--source") { Description = "Source: a git repository (its HEAD), a directory, or an archive.", HelpName = "PATH", Required = true };
        var uri = new Option<string>("--uri") { Description = "Where the source can be had.", HelpName = "URI", Required = true };
        var license = new Option<string>("--license") { Description = "SPDX expression, as Apache-2.0.", HelpName = "SPDX", Required = true };
        var self = WeightOption();
        var upstream = new Option<ComponentName[]>("--upstream")
        {
            Description = "A release that this one is built on, and its share's weight; may be repeated. NAME may be OWNER/NAME.",
            HelpName = "NAME@VERSION=WEIGHT",
            CustomParser = ValueParsers.Many<ComponentName>(ComponentName.TryParse, "NAME@VERSION=WEIGHT with a weight of 1 to 65535"),
        };
        return verbs.Verb(
            "release", "Signs and publishes a version of a repository.",
            "dweb code release busybox-httpd 1.0 --source . --uri https://example.org/src.git --license GPL-2.0-only --wallet carol",
            [repository, version, source, uri, license, self, upstream], async (run, cancellationToken) =>
            {
                var digest = await SourceDigest.OfAsync(run.Get(source)!, cancellationToken);
                var draft = new ReleaseMessage(Hash32.Zero, run.Get(version), digest, run.Get(uri)!, run.Get(license)!, run.Get(self), []);
                var result = await PublishAsync(run, run.Get(repository), draft, run.Get(upstream) ?? [], cancellationToken);
                run.Printer.Show(result, CliJson.Default.ReleaseResult, static r => Printer.Table(
                    ["REPOSITORY", "VERSION", "SOURCE SHA256", "RELEASE"], [[r.Repository, r.Version, r.SourceDigest.ToString()[2..], r.ReleaseId.ToString()]]));
            });
    }

    internal static Option<ushort> WeightOption() => new("--self-weight")
    {
        Description = "Weight of the wallet's own share; 0 leaves everything to the others.",
        HelpName = "N",
        DefaultValueFactory = static _ => 1,
    };

    private static async Task<ReleaseResult> PublishAsync(
        Run run, string repositoryText, ReleaseMessage draft, IReadOnlyList<ComponentName> upstream, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var transactions = run.Transactions;
        var names = new CodeNames(chain);
        var (owner, name) = ComponentName.RepositoryName(repositoryText);
        var repository = await names.RepositoryAsync(owner, name, transactions.Account.Address, cancellationToken);
        var release = draft with
        {
            Repository = ChainEvents.Topic(repository.Repository),
            Upstream = await names.ResolveAsync(upstream, transactions.Account.Address, cancellationToken),
        };
        var domain = chain.DomainOf(chain.Addresses.CodeRegistry);
        var id = Ids.Release(domain, release.Repository, release.Version);
        if (await chain.Code.ReleaseExistsAsync(id, cancellationToken: cancellationToken))
        {
            return await IsSameAsync(chain, id, release, cancellationToken)
                ? new ReleaseResult(id, name, release.Version, release.SourceDigest, null)
                : throw new DwebException(Catalogue.NameTaken, $"'{name}' {release.Version} was released with another source, address, licence or shares; versions do not change.");
        }

        var key = await transactions.ApproveAsync($"release '{name}' {release.Version} of source sha256:{release.SourceDigest.ToString()[2..]}, {release.License}", cancellationToken);
        var signature = key.SignDigest(domain.Digest(release.StructHash()));
        var call = chain.Code.Publish(Encode(release), signature.ToArray());
        var receipt = await transactions.SendAsync(call, what: null, cancellationToken);
        return new ReleaseResult(id, name, release.Version, release.SourceDigest, receipt.TransactionHash);
    }

    private static async Task<bool> IsSameAsync(DwebChain chain, Hash32 id, ReleaseMessage release, CancellationToken cancellationToken)
    {
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.CodeRegistry], [[CodeRegistry.Events.ReleasePublished.Topic], [id]], chain.Addresses.Block, null, cancellationToken);
        var node = await chain.Pool.EdgesOfAsync(id, cancellationToken: cancellationToken);
        return logs.Count > 0 && CodeRegistry.Events.ReleasePublished.TryDecode(logs[0], out var known)
            && known.SourceDigest == release.SourceDigest && known.Uri == release.Uri && known.License == release.License
            && node.SelfWeight == release.SelfWeight
            && node.Edges.Select(static edge => (edge.Node, edge.Weight)).SequenceEqual(release.Upstream.Select(static edge => (edge.Node, edge.Weight)));
    }

    private static Chain.Contracts.Release Encode(ReleaseMessage release) => new(
        ChainEvents.Number(release.Repository), release.Version, release.SourceDigest, release.Uri, release.License, release.SelfWeight,
        [.. release.Upstream.Select(static edge => new Chain.Contracts.Edge(edge.Node, edge.Weight))]);
}
