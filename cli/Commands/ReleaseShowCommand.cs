using System.CommandLine;
using Dweb.Chain.Contracts;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="Node">A release or an image that is built on.</param>
internal sealed record WeightView(Hash32 Node, ushort Weight);

/// <param name="Repository">Token id.</param>
/// <param name="PublishedAt">Unix time in seconds, the chain's.</param>
/// <param name="Payee">Who is paid its own share now.</param>
/// <param name="SupersededBy">Zero for none.</param>
internal sealed record ReleaseShown(
    Hash32 ReleaseId, string Name, Hash32 Repository, EvmAddress Owner, EvmAddress Payee, EvmAddress Signer, string Version, Hash32 SourceDigest, string Uri,
    string License, ulong PublishedAt, bool Revoked, Hash32 SupersededBy, ushort SelfWeight, IReadOnlyList<WeightView> Upstream);

/// <summary><c>code show</c>: a release as the chain has it.</summary>
internal static class ReleaseShowCommand
{
    public static Command Create(Verbs verbs)
    {
        var release = new Argument<string>("RELEASE") { Description = "NAME@VERSION, OWNER/NAME@VERSION, or its id." };
        return verbs.Verb("show", "Shows a release, who is paid for it and what it is built on.", "dweb code show busybox-httpd@1.0", [release], async (run, cancellationToken) =>
        {
            var named = await new CodeNames(run.Chain).ReleaseAsync(run.Get(release), run.Self, cancellationToken);
            run.Printer.Show(await ReadAsync(run.Chain, named, cancellationToken), CliJson.Default.ReleaseShown, Print);
        });
    }

    private static async Task<ReleaseShown> ReadAsync(DwebChain chain, NamedRelease named, CancellationToken cancellationToken)
    {
        var record = await chain.Code.ReleaseOfAsync(named.Id, cancellationToken: cancellationToken);
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.CodeRegistry], [[CodeRegistry.Events.ReleasePublished.Topic], [named.Id]], chain.Addresses.Block, null, cancellationToken);
        var published = logs.Select(static log => CodeRegistry.Events.ReleasePublished.TryDecode(log, out var p) ? p : null).OfType<CodeRegistry.Events.ReleasePublished>().Single();
        var node = await chain.Pool.EdgesOfAsync(named.Id, cancellationToken: cancellationToken);
        return new ReleaseShown(
            named.Id, named.Name, ChainEvents.Topic(record.Repository), await chain.Code.OwnerOfAsync(record.Repository, cancellationToken: cancellationToken),
            await chain.Code.PayeeOfAsync(named.Id, cancellationToken: cancellationToken), published.Signer, published.Version, record.SourceDigest, published.Uri,
            published.License, record.PublishedAt, record.Revoked, record.SupersededBy, node.SelfWeight,
            [.. node.Edges.Select(static edge => new WeightView(edge.Node, edge.Weight))]);
    }

    private static void Print(ReleaseShown r)
    {
        Printer.Table(["RELEASE", "ID", "STATE", "PUBLISHED"], [[r.Name, r.ReleaseId.ToString(), State(r), SentenceValues.Time(r.PublishedAt)]]);
        Printer.Table(["OWNER", "SIGNED BY", "PAYEE"], [[r.Owner.ToString(), r.Signer.ToString(), r.Payee.ToString()]]);
        Printer.Table(["LICENCE", "SOURCE SHA256", "URI"], [[r.License, r.SourceDigest.ToString()[2..], r.Uri]]);
        Printer.Table(["PAID", ">WEIGHT"], [["itself", $"{r.SelfWeight}"], .. r.Upstream.Select(static edge => (string[])[edge.Node.ToString(), $"{edge.Weight}"])]);
    }

    private static string State(ReleaseShown release) => release switch
    {
        { Revoked: true } => "revoked",
        { SupersededBy.IsZero: false } => $"replaced by {release.SupersededBy}",
        _ => "good",
    };
}
