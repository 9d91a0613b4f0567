using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Registry;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Orders;

/// <summary>What a manifest commits to about its NFT.</summary>
internal sealed record ManifestClaim(EvmAddress Publisher, Hash32 ComponentsHash);

/// <summary>Reads manifests from the registry by digest and keeps what they say: content under a digest cannot change.</summary>
internal sealed class RegistryManifests(HttpClient http, ControlPlaneSettings settings, RegistryTokens tokens)
{
    private const int LargestManifest = 4 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<(string, Hash32), ManifestClaim> known = new();

    /// <exception cref="DwebException">The registry is away, has no such manifest, serves another, or the manifest names no publisher.</exception>
    public async Task<ManifestClaim> ReadAsync(string repository, Hash32 digest, CancellationToken cancellationToken)
    {
        if (known.TryGetValue((repository, digest), out var claim))
        {
            return claim;
        }

        byte[] manifest = await FetchAsync(repository, digest, cancellationToken);
        if (new Hash32(SHA256.HashData(manifest)) != digest)
        {
            throw new DwebException(Catalogue.DigestMismatch, $"{repository}@{Name(digest)} from the registry has another digest.");
        }

        claim = Parse(repository, digest, manifest);
        known[(repository, digest)] = claim;
        return claim;
    }

    private async Task<byte[]> FetchAsync(string repository, Hash32 digest, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(settings.Registry.Url, $"/v2/{repository}/manifests/{Name(digest)}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.CreatePull(repository));
        request.Headers.Accept.ParseAdd("application/vnd.oci.image.manifest.v1+json");
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                throw new DwebException(Catalogue.NotFound, $"The registry has no manifest {repository}@{Name(digest)}.");
            }

            if (!response.IsSuccessStatusCode)
            {
                throw new DwebException(Catalogue.RegistryUnreachable, $"The registry answered {(int)response.StatusCode} for {repository}@{Name(digest)}.");
            }

            await response.Content.LoadIntoBufferAsync(LargestManifest, limit.Token);
            return await response.Content.ReadAsByteArrayAsync(limit.Token);
        }
        catch (Exception away) when (NetworkFaults.Is(away) || (away is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DwebException(Catalogue.RegistryUnreachable, $"The registry at {settings.Registry.Url} does not answer.", inner: away);
        }
    }

    private static ManifestClaim Parse(string repository, Hash32 digest, byte[] manifest)
    {
        try
        {
            using var json = JsonDocument.Parse(manifest);
            var annotations = json.RootElement.GetProperty("annotations");
            return new ManifestClaim(
                EvmAddress.Parse(annotations.GetProperty(Image.PublisherAnnotation).GetString()!),
                Hash32.Parse(annotations.GetProperty(Image.ComponentsAnnotation).GetString()!));
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentNullException)
        {
            throw new DwebException(
                Catalogue.AnnotationMismatch,
                $"The manifest {repository}@{Name(digest)} does not name publisher and components in its annotations.",
                inner: malformed);
        }
    }

    private static string Name(Hash32 digest) => "sha256:" + digest.ToString()[2..];
}
