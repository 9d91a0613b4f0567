using Dweb.Local.Layout;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Demo;

/// <summary>A code owner releases the page, an image owner builds an image from it that names the release.</summary>
internal sealed class Publication(Repository repository, StateFolder state, Cli cli, Screen screen)
{
    private const string Code = "demo-page";

    /// <summary>Returns the digest of the first image's manifest, <c>sha256:…</c>.</summary>
    /// <param name="upstream">A release that the code is built on, as <c>NAME@VERSION=WEIGHT</c>; null for none.</param>
    /// <param name="stop">Ends it early.</param>
    public async Task<string> Publish(string? upstream, CancellationToken stop)
    {
        await cli.Run(Role.CodeOwner, stop, "code", "create", Code);
        return await Release(Edition.First, upstream, stop);
    }

    /// <summary>Publishes the second edition of code and image, and moves the image's channel to it.</summary>
    /// <returns>The digest of its manifest.</returns>
    public async Task<string> PublishNext(string? upstream, CancellationToken stop)
    {
        var digest = await Release(Edition.Second, upstream, stop);
        await cli.Run(Role.ImageOwner, stop, "image", "channel", digest, "stable");
        screen.Detail($"channel 'stable' of {DemoImage.Repository} points to it");
        return digest;
    }

    private async Task<string> Release(Edition edition, string? upstream, CancellationToken stop)
    {
        await cli.Run(
            Role.CodeOwner, stop,
            ["code", "release", Code, edition.Version, "--source", DemoImage.SourceOf(repository, edition), "--uri", $"file:///local/Demo/{edition.Folder}", "--license", "Apache-2.0",
            .. BuiltOn(upstream)]);
        screen.Detail($"code NFT '{Code}', release {edition.Version} signed by its owner{(upstream is null ? "" : $", built on {upstream.Split('=')[0]}, which gets 25 parts of 100")}");
        var image = await cli.Run(
            Role.ImageOwner, stop,
            "image", "publish", DemoImage.Write(repository, state, edition), "--name", DemoImage.Repository,
            "--entrypoint", "/bin/busybox", "--entrypoint", "httpd", "--cmd", "-f", "--cmd", "-p", "--cmd", "8080", "--cmd", "-h", "--cmd", "/www",
            "--expose", "8080", "--component", $"{Code}@{edition.Version}=80", "--self-weight", "20", "--royalty-bps", "500");
        var digest = image.GetProperty("digest").GetString()!;
        screen.Detail($"image NFT '{DemoImage.Repository}': {digest}, royalty 5 %, 80 parts to {Code}, 20 to its owner");
        return digest;
    }

    private static string[] BuiltOn(string? upstream) => upstream is null ? [] : ["--upstream", upstream, "--self-weight", "75"];
}
