using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Dweb.Chain.Contracts;
using Dweb.Cli.Images;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using ImageMessage = Dweb.Core.Protocol.Messages.Image;

namespace Dweb.Cli.Commands;

/// <param name="Verified">Always true: a disagreement is an error.</param>
internal sealed record ImageVerification(
    string Digest, string Name, EvmAddress Publisher, Hash32 ComponentsHash, ushort RoyaltyBps, bool Revoked, bool Malicious, bool Verified);

/// <summary>Container images as NFTs.</summary>
internal static class ImageCommands
{
    public static Command Create(Verbs verbs) => Verbs.Group(
        "image", "Container images as NFTs that name the code inside.",
        [PublishCommand.Create(verbs), List(verbs), ImageShowCommand.Create(verbs), Verify(verbs), .. ChannelCommands.Create(verbs), .. ImageChangeCommands.Create(verbs)]);

    private static Command List(Verbs verbs) => verbs.Verb("ls", "Lists minted images.", "dweb image ls", [], async (run, cancellationToken) =>
    {
        var all = await run.Api.GetAsync("/api/images", DwebJson.Default.IReadOnlyListImageView, null, cancellationToken);
        run.Printer.Show(all, DwebJson.Default.IReadOnlyListImageView, static images => Printer.Table(
            ["IMAGE", "DIGEST", "PUBLISHER", ">ROYALTY", "STATE"],
            images.Select(static image => (string[])
                [image.Name, Digest(image.ManifestDigest)[..19], image.Publisher.ToString(), $"{image.RoyaltyBps} bps", image.Malicious ? "malicious" : image.Revoked ? "revoked" : "good"])));
    });

    private static Command Verify(Verbs verbs)
    {
        var name = new Argument<string>("NAME|DIGEST") { Description = "Name of an image, or sha256: and its digest." };
        return verbs.Verb(
            "verify", "Checks that registry and chain agree about an image.", "dweb image verify httpd", [name], async (run, cancellationToken) =>
            {
                var view = await VerifyAsync(run, run.Get(name), cancellationToken);
                run.Printer.Show(view, CliJson.Default.ImageVerification, static v => Printer.Table(
                    ["IMAGE", "DIGEST", "PUBLISHER", ">ROYALTY", "VERIFIED"], [[v.Name, v.Digest, v.Publisher.ToString(), $"{v.RoyaltyBps} bps", "yes"]]));
            });
    }

    internal static string Digest(Hash32 digest) => "sha256:" + digest.ToString()[2..];

    private static async Task<ImageVerification> VerifyAsync(Run run, string text, CancellationToken cancellationToken)
    {
        var self = run.WalletName() is null ? (EvmAddress?)null : run.Wallet.Account.Address;
        var image = await new ImageNames(run.Chain).ResolveAsync(text, self, cancellationToken);
        var record = await run.Chain.Images.ImageOfAsync(image.Digest, cancellationToken: cancellationToken);
        var registry = new RegistryClient(run.Http, run.Registry, run.Api.Endpoint, static _ => Task.FromResult<string?>(null));
        byte[] manifest = await registry.GetManifestAsync(record.Name, Digest(image.Digest), cancellationToken)
            ?? throw new DwebException(Catalogue.NotFound, $"The registry at {run.Registry} has no manifest {Digest(image.Digest)} of '{record.Name}'.");
        Require(manifest, image.Digest, record);
        return new ImageVerification(Digest(image.Digest), record.Name, record.Publisher, record.ComponentsHash, record.RoyaltyBps, record.Revoked, record.Malicious, true);
    }

    private static void Require(byte[] manifest, Hash32 digest, ImageRecord record)
    {
        if (new Hash32(SHA256.HashData(manifest)) != digest)
        {
            throw new DwebException(Catalogue.DigestMismatch, $"The registry gave a manifest whose digest is sha256:{Convert.ToHexStringLower(SHA256.HashData(manifest))}, not {Digest(digest)}.");
        }

        OciManifest? read;
        try
        {
            read = JsonSerializer.Deserialize(manifest, OciJson.Default.OciManifest);
        }
        catch (JsonException fault)
        {
            throw new DwebException(Catalogue.AnnotationMismatch, $"The manifest of {Digest(digest)} is no OCI manifest: {fault.Message}", inner: fault);
        }

        string? publisher = read?.Annotations?.GetValueOrDefault(ImageMessage.PublisherAnnotation);
        string? components = read?.Annotations?.GetValueOrDefault(ImageMessage.ComponentsAnnotation);
        if (!string.Equals(publisher, record.Publisher.ToString(), StringComparison.OrdinalIgnoreCase) || components != record.ComponentsHash.ToString())
        {
            throw new DwebException(
                Catalogue.AnnotationMismatch,
                $"The manifest names publisher {publisher ?? "nobody"} and components {components ?? "none"}; the NFT names {record.Publisher} and {record.ComponentsHash}.");
        }
    }
}
