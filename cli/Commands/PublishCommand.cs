using System.CommandLine;
using System.Runtime.InteropServices;
using Dweb.Cli.Images;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;

using ImageMessage = Dweb.Core.Protocol.Messages.Image;

namespace Dweb.Cli.Commands;

/// <param name="Digest"><c>sha256:</c> and the manifest's digest.</param>
/// <param name="TokenId">The same digest as a token id.</param>
/// <param name="Node">The image's node in the royalty graph.</param>
/// <param name="Pushed">False when the registry had it already.</param>
/// <param name="Transaction">Null when it was minted already.</param>
internal sealed record PublishedImage(
    string Digest, Hash32 TokenId, string Name, EvmAddress Publisher, Hash32 ComponentsHash, Hash32 Node, bool Pushed, Hash32? Transaction);

/// <summary><c>image publish</c>: a directory becomes an image in the registry and an NFT on chain. Safe to repeat.</summary>
internal sealed class PublishCommand
{
    private readonly Argument<string> directory = new("DIR") { Description = "The image's whole file system." };
    private readonly Option<string> name = new("--name") { Description = "Repository in the registry, and the image's name on chain.", HelpName = "REPOSITORY", Required = true };
    private readonly Option<string[]> entrypoint = Words("--entrypoint", "Program to start, and its first arguments.");
    private readonly Option<string[]> command = Words("--cmd", "Arguments that a deployment may replace.");
    private readonly Option<string[]> environment = Words("--env", "NAME=value; may be repeated.");
    private readonly Option<ushort[]> expose = new("--expose") { Description = "TCP port that containers listen on; may be repeated.", HelpName = "PORT" };

    private readonly Option<ComponentName[]> components = new("--component")
    {
        Description = "A release inside the image, and its share's weight; may be repeated. NAME may be OWNER/NAME.",
        HelpName = "NAME@VERSION=WEIGHT",
        CustomParser = ValueParsers.Many<ComponentName>(ComponentName.TryParse, "NAME@VERSION=WEIGHT with a weight of 1 to 65535"),
    };

    private readonly Option<ushort> selfWeight = ReleaseCommand.WeightOption();
    private readonly Option<ushort?> royalty = new("--royalty-bps") { Description = "Royalty in basis points of the base charge; the least allowed otherwise.", HelpName = "N" };

    private readonly Option<string> architecture = new("--arch")
    {
        Description = "Architecture as OCI names it.",
        HelpName = "ARCH",
        DefaultValueFactory = static _ => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
    };

    public static Command Create(Verbs verbs)
    {
        var options = new PublishCommand();
        return verbs.Verb(
            "publish", "Builds an image from a directory, pushes it, and mints its NFT.",
            "dweb image publish ./rootfs --name httpd --entrypoint /bin/httpd --expose 8080 --component busybox-httpd@1.0=80 --self-weight 20 --royalty-bps 500 --wallet dave",
            [
                options.directory, options.name, options.entrypoint, options.command, options.environment, options.expose, options.components,
                options.selfWeight, options.royalty, options.architecture,
            ],
            async (run, cancellationToken) =>
            {
                var result = await options.PublishAsync(run, cancellationToken);
                run.Printer.Show(result, CliJson.Default.PublishedImage, static r => Printer.Table(
                    ["IMAGE", "DIGEST", "PUBLISHER", "PUSHED", "MINTED"],
                    [[r.Name, r.Digest, r.Publisher.ToString(), r.Pushed ? "now" : "before", r.Transaction is null ? "before" : "now"]]));
            });
    }

    private static Option<string[]> Words(string option, string description) => new(option) { Description = description, HelpName = "WORD", AllowMultipleArgumentsPerToken = false };

    private async Task<PublishedImage> PublishAsync(Run run, CancellationToken cancellationToken)
    {
        var repository = Repository(run.Get(name)!);
        var defaults = new ImageDefaults(
            run.Get(entrypoint) ?? [], run.Get(command) ?? [], Environment(run.Get(environment) ?? []), [.. (run.Get(expose) ?? []).Distinct().Order()]);
        var layer = LayerArchive.Create(run.Get(directory));
        var chain = run.Chain;
        await chain.RequireAsync(cancellationToken);
        var publisher = run.Wallet.Account.Address;
        ushort royaltyBps = run.Get(royalty) ?? (await chain.Settings.RoyaltyRangeAsync(cancellationToken: cancellationToken)).FloorBps;
        var edges = await new CodeNames(chain).ResolveAsync(run.Get(components) ?? [], publisher, cancellationToken);
        var hash = ImageMessage.ComponentsHashOf(royaltyBps, run.Get(selfWeight), edges);
        var image = OciImage.Build(layer, defaults, run.Get(architecture)!, publisher, hash);
        var message = new ImageMessage(publisher, image.Digest, repository, royaltyBps, run.Get(selfWeight), edges);
        bool minted = await IsMintedAsync(chain, message, cancellationToken);
        var registry = new RegistryClient(run.Http, run.Registry, run.Api.Endpoint, async stop => await run.Login.TokenAsync(run.Wallet, stop));
        bool pushed = await registry.PushAsync(repository, image, cancellationToken);
        run.Printer.Progress($"{(pushed ? "pushed" : "the registry has")} {repository}@{image.Manifest.Digest}");
        var transaction = minted ? (Hash32?)null : await MintAsync(run, message, cancellationToken);
        return new PublishedImage(
            image.Manifest.Digest, image.Digest, repository, publisher, hash, Ids.ImageNode(chain.DomainOf(chain.Addresses.ContainerRegistry), image.Digest), pushed, transaction);
    }

    private static async Task<bool> IsMintedAsync(DwebChain chain, ImageMessage message, CancellationToken cancellationToken)
    {
        var known = await chain.Images.ImageOfAsync(message.ManifestDigest, cancellationToken: cancellationToken);
        bool same = known.Publisher == message.Publisher && known.ComponentsHash == message.ComponentsHash() && known.Name == message.Name;
        return !known.Minted || same
            ? known.Minted
            : throw new DwebException(Catalogue.NameTaken, $"This image is minted as '{known.Name}' of {known.Publisher}.");
    }

    private static async Task<Hash32> MintAsync(Run run, ImageMessage message, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        var transactions = run.Transactions;
        var key = await transactions.ApproveAsync(
            $"image '{message.Name}' {ImageCommands.Digest(message.ManifestDigest)}, royalty {message.RoyaltyBps} bps, {message.Components.Count} components", cancellationToken);
        var signature = key.SignDigest(chain.DomainOf(chain.Addresses.ContainerRegistry).Digest(message.StructHash()));
        var encoded = new Chain.Contracts.Image(
            message.Publisher, message.ManifestDigest, message.Name, message.RoyaltyBps, message.SelfWeight,
            [.. message.Components.Select(static edge => new Chain.Contracts.Edge(edge.Node, edge.Weight))]);
        var receipt = await transactions.SendAsync(chain.Images.Mint(encoded, signature.ToArray()), what: null, cancellationToken);
        return receipt.TransactionHash;
    }

    private static string Repository(string text) => ImageReference.TryParse(text, out var reference, out string? problem) && reference!.Digest is null
        ? reference.Repository
        : throw new DwebException(Catalogue.InvalidValue, $"'{text}' is no repository: {problem ?? "it has a digest"}.", "--name");

    private static IReadOnlyList<string> Environment(string[] pairs) => pairs.FirstOrDefault(static pair => pair.IndexOf('=', StringComparison.Ordinal) < 1) is { } wrong
        ? throw new DwebException(Catalogue.InvalidValue, $"'{wrong}' is not NAME=value.", "--env")
        : [.. pairs.Order(StringComparer.Ordinal)];
}
