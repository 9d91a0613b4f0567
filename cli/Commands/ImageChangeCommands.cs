using System.CommandLine;
using Dweb.Chain.Contracts;
using Dweb.Cli.Invocation;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Commands;

/// <summary>What the owner of an image, or the guardian, can say about it.</summary>
internal static class ImageChangeCommands
{
    public static IEnumerable<Command> Create(Verbs verbs) => [Supersedes(verbs), Revoke(verbs), Malicious(verbs)];

    internal static Argument<string> ImageArgument(string name) => new(name) { Description = "Name of an image, or sha256: and its digest." };

    private static Command Supersedes(Verbs verbs)
    {
        var image = ImageArgument("IMAGE");
        var older = ImageArgument("OLDER");
        return verbs.Verb(
            "supersedes", "Says which older image of the same publisher an image replaces.",
            "dweb image supersedes httpd@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 "
            + "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752 --wallet dave",
            [image, older], async (run, cancellationToken) =>
            {
                var former = await new ImageNames(run.Chain).ResolveAsync(run.Get(older), run.Self, cancellationToken);
                await ChangeAsync(
                    run, run.Get(image), (images, digest) => images.SetSupersedes(digest, former.Digest), $"the replacement of {ImageCommands.Digest(former.Digest)} by",
                    cancellationToken);
            });
    }

    private static Command Revoke(Verbs verbs)
    {
        var image = ImageArgument("IMAGE");
        var reason = CodeChangeCommands.ReasonOption();
        return verbs.Verb(
            "revoke", "Revokes an image: no new order may name it; what runs goes on.", "dweb image revoke httpd --reason leaky --wallet dave", [image, reason],
            (run, cancellationToken) => ChangeAsync(run, run.Get(image), (images, digest) => images.Revoke(digest, run.Get(reason)!), "the revocation of", cancellationToken));
    }

    private static Command Malicious(Verbs verbs)
    {
        var image = ImageArgument("IMAGE");
        var reason = CodeChangeCommands.ReasonOption();
        return verbs.Verb(
            "malicious", "As guardian: marks an image, so that whatever runs it is stopped.", "dweb image malicious miner --reason steals --wallet guardian",
            [image, reason], (run, cancellationToken) => ChangeAsync(
                run, run.Get(image), (images, digest) => images.MarkMalicious(digest, run.Get(reason)!), "the mark of malice on", cancellationToken));
    }

    private static async Task ChangeAsync(
        Run run, string text, Func<ContainerRegistry, Hash32, ContractCall> call, string change, CancellationToken cancellationToken)
    {
        var image = await new ImageNames(run.Chain).ResolveAsync(text, run.Self, cancellationToken);
        string digest = ImageCommands.Digest(image.Digest);
        await Change.SendAsync(run, call(run.Chain.Images, image.Digest), image.Name, digest, $"{change} image '{image.Name}' ({digest})", cancellationToken);
    }
}
