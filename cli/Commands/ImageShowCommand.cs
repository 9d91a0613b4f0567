using System.CommandLine;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="Digest"><c>sha256:…</c> of the manifest.</param>
/// <param name="Supersedes">Digest of the older image that it replaces; null for none.</param>
internal sealed record ImageShown(
    string Digest, string Name, EvmAddress Publisher, EvmAddress Owner, EvmAddress Payee, ushort RoyaltyBps, string State, string? Supersedes, Hash32 Node,
    ushort SelfWeight, IReadOnlyList<WeightView> Components);

/// <summary><c>image show</c>: an image as the chain has it.</summary>
internal static class ImageShowCommand
{
    public static Command Create(Verbs verbs)
    {
        var image = ImageChangeCommands.ImageArgument("NAME|DIGEST");
        return verbs.Verb("show", "Shows an image, who is paid for it and what is inside.", "dweb image show httpd", [image], async (run, cancellationToken) =>
        {
            var found = await new ImageNames(run.Chain).ResolveAsync(run.Get(image), run.Self, cancellationToken);
            run.Printer.Show(await ReadAsync(run.Chain, found, cancellationToken), CliJson.Default.ImageShown, Print);
        });
    }

    private static async Task<ImageShown> ReadAsync(DwebChain chain, MintedImage image, CancellationToken cancellationToken)
    {
        var record = await chain.Images.ImageOfAsync(image.Digest, cancellationToken: cancellationToken);
        var node = await chain.Pool.EdgesOfAsync(record.Node, cancellationToken: cancellationToken);
        return new ImageShown(
            ImageCommands.Digest(image.Digest), record.Name, record.Publisher,
            await chain.Images.OwnerOfAsync(ChainEvents.Number(image.Digest), cancellationToken: cancellationToken),
            await chain.Images.PayeeOfAsync(record.Node, cancellationToken: cancellationToken), record.RoyaltyBps,
            record.Malicious ? "malicious" : record.Revoked ? "revoked" : "good",
            record.Supersedes.IsZero ? null : ImageCommands.Digest(record.Supersedes), record.Node, node.SelfWeight,
            [.. node.Edges.Select(static edge => new WeightView(edge.Node, edge.Weight))]);
    }

    private static void Print(ImageShown image)
    {
        Printer.Table(["IMAGE", "DIGEST", "STATE", ">ROYALTY"], [[image.Name, image.Digest, image.State, $"{image.RoyaltyBps} bps"]]);
        Printer.Table(["PUBLISHER", "OWNER", "PAYEE"], [[image.Publisher.ToString(), image.Owner.ToString(), image.Payee.ToString()]]);
        Printer.Table(["REPLACES"], [[image.Supersedes ?? "nothing"]]);
        Printer.Table(["PAID", ">WEIGHT"], [["itself", $"{image.SelfWeight}"], .. image.Components.Select(static c => (string[])[c.Node.ToString(), $"{c.Weight}"])]);
    }
}
