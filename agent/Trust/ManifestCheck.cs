using System.Security.Cryptography;
using System.Text.Json;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Trust;

/// <summary>The two annotations by which a manifest commits to its NFT.</summary>
internal sealed record ManifestAnnotations(EvmAddress? Publisher, Hash32? Components);

/// <summary>Holds a manifest, as the registry served it, against its digest and its NFT.</summary>
internal static class ManifestCheck
{
    /// <param name="annotations">What the manifest says, when it is the one that was asked for.</param>
    /// <returns>Null when the bytes are those of the digest.</returns>
    public static Refusal? Read(ReadOnlySpan<byte> manifest, Hash32 digest, out ManifestAnnotations? annotations)
    {
        annotations = null;
        var hash = new Hash32(SHA256.HashData(manifest));
        if (hash != digest)
        {
            return new(Catalogue.DigestMismatch, $"The registry served a manifest of digest {Text(hash)} for {Text(digest)}.");
        }

        annotations = ReadAnnotations(manifest);
        return null;
    }

    /// <returns>Null when publisher and components are those of the NFT.</returns>
    public static Refusal? Compare(ManifestAnnotations annotations, LeaseTicket ticket)
    {
        if (annotations.Publisher != ticket.ImagePublisher)
        {
            return new(
                Catalogue.AnnotationMismatch,
                $"The manifest's {Image.PublisherAnnotation} is {annotations.Publisher?.ToString() ?? "missing"}; the NFT's publisher is {ticket.ImagePublisher}.");
        }

        return annotations.Components == ticket.ImageComponentsHash ? null : new(
            Catalogue.AnnotationMismatch,
            $"The manifest's {Image.ComponentsAnnotation} is {annotations.Components?.ToString() ?? "missing"}; the NFT's is {ticket.ImageComponentsHash}.");
    }

    public static string Text(Hash32 digest) => "sha256:" + digest.ToString()[2..];

    // What is no JSON, or has no such annotations, commits to nobody.
    private static ManifestAnnotations ReadAnnotations(ReadOnlySpan<byte> manifest)
    {
        try
        {
            var reader = new Utf8JsonReader(manifest);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("annotations", out var found) && found.ValueKind == JsonValueKind.Object
                ? new ManifestAnnotations(
                    EvmAddress.TryParse(TextOf(found, Image.PublisherAnnotation), out var publisher) ? publisher : null,
                    Hash32.TryParse(TextOf(found, Image.ComponentsAnnotation), out var components) ? components : null)
                : new ManifestAnnotations(null, null);
        }
        catch (JsonException)
        {
            return new ManifestAnnotations(null, null);
        }
    }

    private static string? TextOf(JsonElement annotations, string name) =>
        annotations.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
