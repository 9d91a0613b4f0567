using System.CommandLine;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Commands;

/// <summary><c>os publish</c>: signs and publishes a host image. Safe to repeat.</summary>
internal static class OsPublishCommand
{
    public static Command Create(Verbs verbs)
    {
        var root = ValueParsers.HashArgument("ROOTHASH", "dm-verity root of its file system.");
        var digest = new Argument<Hash32>("DIGEST")
        {
            Description = "sha256: and the digest of its OCI manifest.",
            CustomParser = ValueParsers.One<Hash32>(TryParseDigest, "a digest: sha256: and 64 hexadecimal digits"),
        };
        var channel = new Option<string>("--channel") { Description = "As stable.", HelpName = "NAME", Required = true };
        var version = new Option<string>("--version") { Description = "Any text.", HelpName = "TEXT", Required = true };
        return verbs.Verb(
            "publish", "Signs and publishes a host image.",
            "dweb os publish 0x9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 "
            + "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752 --channel stable --version 1.2 --wallet dave",
            [root, digest, channel, version], async (run, cancellationToken) =>
            {
                var image = new OsImage(run.Wallet.Account.Address, run.Get(root), run.Get(digest), run.Get(channel)!, run.Get(version)!);
                run.Printer.Show(await PublishAsync(run, image, cancellationToken), CliJson.Default.OsPublication, static p => Printer.Table(
                    ["HOST IMAGE", "ID", "SIGNER"], [[OsImageNames.NameOf(p.Channel, p.Version), p.Id.ToString(), p.Signer.ToString()]]));
            });
    }

    private static async Task<OsPublication> PublishAsync(Run run, OsImage image, CancellationToken cancellationToken)
    {
        var chain = run.Chain;
        await chain.RequireAsync(cancellationToken);
        var domain = chain.DomainOf(chain.Addresses.CoeOsRegistry);
        var id = Ids.OsImage(domain, image.Signer, image.RootHash, image.ManifestDigest);
        var known = await chain.Os.OsImageOfAsync(id, cancellationToken: cancellationToken);
        if (known.Signer == image.Signer && known.Channel == image.Channel && known.Version == image.Version)
        {
            return new OsPublication(id, image.Channel, image.Version, image.Signer, null);
        }

        var transactions = run.Transactions;
        var key = await transactions.ApproveAsync($"host image {OsImageNames.NameOf(image.Channel, image.Version)} of root {image.RootHash}", cancellationToken);
        var signature = key.SignDigest(domain.Digest(image.StructHash()));
        var call = chain.Os.Publish(image.Signer, image.RootHash, image.ManifestDigest, image.Channel, image.Version, signature.ToArray());
        var receipt = await transactions.SendAsync(call, what: null, cancellationToken);
        return new OsPublication(id, image.Channel, image.Version, image.Signer, receipt.TransactionHash);
    }

    private static bool TryParseDigest(string text, out Hash32 digest)
    {
        digest = default;
        return text.StartsWith("sha256:", StringComparison.Ordinal) && Hash32.TryParse("0x" + text["sha256:".Length..], out digest);
    }
}
