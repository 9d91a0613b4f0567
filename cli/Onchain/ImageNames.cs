using Dweb.Chain.Contracts;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Onchain;

/// <summary>An image as the chain has it.</summary>
internal sealed record MintedImage(Hash32 Digest, string Name, EvmAddress Publisher);

/// <summary>
/// Finds images by name on the chain itself: what a name stands for decides what is run and who is paid. The newest one counts, of one
/// publisher: anybody may use any name, so a name that several publishers use is refused unless one of them is the wallet itself.
/// </summary>
internal sealed class ImageNames(DwebChain chain)
{
    private IReadOnlyList<MintedImage>? images;

    /// <exception cref="DwebException">Not minted, or several publishers use the name.</exception>
    public async Task<MintedImage> ResolveAsync(ImageReference reference, EvmAddress? self, CancellationToken cancellationToken)
    {
        images ??= await ReadAsync(cancellationToken);
        MintedImage[] fitting = [.. images.Where(image => image.Name == reference.Repository && (reference.Digest is null || image.Digest == reference.Digest))];
        MintedImage[] own = [.. fitting.Where(image => image.Publisher == self)];
        MintedImage[] candidates = own.Length > 0 ? own : fitting;
        EvmAddress[] publishers = [.. candidates.Select(static image => image.Publisher).Distinct()];
        return publishers.Length switch
        {
            0 => throw new DwebException(Catalogue.ImageNotMinted, $"No image '{reference}' is minted on this chain."),
            1 => candidates[^1],
            _ => throw new DwebException(
                Catalogue.Ambiguous,
                $"{publishers.Length} publishers use the name '{reference.Repository}': write a digest, as {string.Join(" or ", candidates.Reverse().Take(3).Select(Describe))}."),
        };
    }

    /// <summary>By digest (<c>sha256:…</c>), or by name.</summary>
    /// <exception cref="DwebException">As above, or neither form.</exception>
    public async Task<MintedImage> ResolveAsync(string text, EvmAddress? self, CancellationToken cancellationToken)
    {
        if (text.StartsWith("sha256:", StringComparison.Ordinal) && Hash32.TryParse("0x" + text["sha256:".Length..], out var digest))
        {
            images ??= await ReadAsync(cancellationToken);
            return images.FirstOrDefault(image => image.Digest == digest)
                ?? throw new DwebException(Catalogue.ImageNotMinted, $"No image {text} is minted on this chain.");
        }

        return ImageReference.TryParse(text, out var reference, out string? problem)
            ? await ResolveAsync(reference!, self, cancellationToken)
            : throw new DwebException(Catalogue.InvalidValue, $"'{text}' is no image: {problem}.");
    }

    private static string Describe(MintedImage image) => $"{image.Name}@sha256:{image.Digest.ToString()[2..]} of {image.Publisher}";

    private async Task<IReadOnlyList<MintedImage>> ReadAsync(CancellationToken cancellationToken)
    {
        await chain.RequireAsync(cancellationToken);
        var logs = await ChainEvents.ReadAsync(
            chain.Client, [chain.Addresses.ContainerRegistry], [[ContainerRegistry.Events.ImageMinted.Topic]], chain.Addresses.Block, null, cancellationToken);
        return [.. logs
            .Select(static log => ContainerRegistry.Events.ImageMinted.TryDecode(log, out var minted) ? new MintedImage(minted.ManifestDigest, minted.Name, minted.Publisher) : null)
            .OfType<MintedImage>()];
    }
}
