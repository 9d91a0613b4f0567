using System.CommandLine;
using Dweb.Cli.Errors;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <param name="RootHash">dm-verity root of its file system.</param>
/// <param name="Digest"><c>sha256:…</c> of its OCI manifest.</param>
/// <param name="PublishedAt">Unix time in seconds, the chain's, as <paramref name="RevokedAt"/>, which is 0 while it may be claimed.</param>
internal sealed record OsImageView(
    Hash32 Id, string Channel, string Version, EvmAddress Signer, Hash32 RootHash, string Digest, ulong PublishedAt, ulong RevokedAt);

/// <param name="Transaction">Null when it was published before, just so.</param>
internal sealed record OsPublication(Hash32 Id, string Channel, string Version, EvmAddress Signer, Hash32? Transaction);

/// <summary>Host images: what COEs say they run on.</summary>
internal static class OsCommands
{
    public static Command Create(Verbs verbs) => Verbs.Group(
        "os", "Host images (COE/OS): what COEs run on.", OsPublishCommand.Create(verbs), List(verbs), Show(verbs), Revoke(verbs));

    private static Command List(Verbs verbs) => verbs.Verb("ls", "Lists host images.", "dweb os ls", [], async (run, cancellationToken) =>
    {
        var views = new List<OsImageView>();
        foreach (var image in await new OsImageNames(run.Chain).ReadAsync(cancellationToken))
        {
            views.Add(await ReadAsync(run.Chain, image.OsImage, cancellationToken));
        }

        run.Printer.Show(views, CliJson.Default.IReadOnlyListOsImageView, static all => Printer.Table(
            ["HOST IMAGE", "ID", "SIGNER", "STATE"],
            all.Select(static image => (string[])[OsImageNames.NameOf(image.Channel, image.Version), image.Id.ToString(), image.Signer.ToString(), State(image)])));
    });

    private static Command Show(Verbs verbs)
    {
        var name = ImageArgument();
        return verbs.Verb("show", "Shows one host image.", "dweb os show stable@1.2", [name], async (run, cancellationToken) =>
        {
            var found = await new OsImageNames(run.Chain).ResolveAsync(run.Get(name), run.Self, cancellationToken);
            run.Printer.Show(await ReadAsync(run.Chain, found.OsImage, cancellationToken), CliJson.Default.OsImageView, static image =>
            {
                Printer.Table(["CHANNEL", "VERSION", "ID", "STATE"], [[image.Channel, image.Version, image.Id.ToString(), State(image)]]);
                Printer.Table(["SIGNER", "PUBLISHED"], [[image.Signer.ToString(), SentenceValues.Time(image.PublishedAt)]]);
                Printer.Table(["ROOT HASH", "DIGEST"], [[image.RootHash.ToString(), image.Digest]]);
            });
        });
    }

    private static Command Revoke(Verbs verbs)
    {
        var name = ImageArgument();
        var reason = CodeChangeCommands.ReasonOption();
        return verbs.Verb(
            "revoke", "As signer or guardian: revokes a host image; a COE that claims it takes no new lease.", "dweb os revoke stable@1.2 --reason leaky --wallet dave",
            [name, reason], async (run, cancellationToken) =>
            {
                var found = await new OsImageNames(run.Chain).ResolveAsync(run.Get(name), run.Self, cancellationToken);
                string called = OsImageNames.NameOf(found.Channel, found.Version);
                await Change.SendAsync(
                    run, run.Chain.Os.Revoke(found.OsImage, run.Get(reason)!), called, found.OsImage.ToString(), $"the revocation of host image {called}", cancellationToken);
            });
    }

    private static Argument<string> ImageArgument() => new("OSIMAGE") { Description = "CHANNEL@VERSION, or the beginning of its id." };

    private static async Task<OsImageView> ReadAsync(DwebChain chain, Hash32 id, CancellationToken cancellationToken)
    {
        var image = await chain.Os.OsImageOfAsync(id, cancellationToken: cancellationToken);
        return new OsImageView(
            id, image.Channel, image.Version, image.Signer, image.RootHash, ImageCommands.Digest(image.ManifestDigest), image.PublishedAt, image.RevokedAt);
    }

    private static string State(OsImageView image) => image.RevokedAt == 0 ? "good" : $"revoked {SentenceValues.Time(image.RevokedAt)}";
}
