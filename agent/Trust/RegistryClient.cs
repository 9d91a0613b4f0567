using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dweb.Agent.Settings;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Trust;

/// <summary>Reads manifests from an OCI registry by digest, with an anonymous pull token where the registry wants one.</summary>
/// <param name="http">May be shared; its timeout bounds each request.</param>
/// <param name="others">Control planes, each of which gives such tokens, for when the one that the registry names does not answer.</param>
internal sealed class RegistryClient(HttpClient http, RegistryAddress registry, IReadOnlyList<Uri> others)
{
    private const int MostManifestBytes = 4 * 1024 * 1024;
    private const int MostTokenBytes = 64 * 1024;
    private const string TokenPath = "registry/token";

    private static readonly string[] ManifestTypes =
        ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];

    /// <returns>The manifest's bytes as served; the caller checks them against the digest.</returns>
    /// <exception cref="DwebException"><see cref="Catalogue.RegistryUnreachable"/>.</exception>
    public async Task<byte[]> ReadManifestAsync(string repository, Hash32 digest, CancellationToken cancellationToken)
    {
        var uri = new Uri(registry.BaseUri, $"v2/{repository}/manifests/{ManifestCheck.Text(digest)}");
        try
        {
            using var first = await GetAsync(uri, token: null, cancellationToken);
            if (first.StatusCode != HttpStatusCode.Unauthorized)
            {
                return await ReadAsync(first, uri, MostManifestBytes, cancellationToken);
            }

            string token = await ReadTokenAsync(first, uri, cancellationToken);
            using var second = await GetAsync(uri, token, cancellationToken);
            return await ReadAsync(second, uri, MostManifestBytes, cancellationToken);
        }
        catch (Exception failure) when (NetworkFaults.Is(failure))
        {
            throw Unreachable(uri, failure.Message, failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(uri, "no answer in time", failure);
        }
    }

    private async Task<HttpResponseMessage> GetAsync(Uri uri, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        foreach (string type in ManifestTypes)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }

        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private async Task<string> ReadTokenAsync(HttpResponseMessage refusal, Uri uri, CancellationToken cancellationToken)
    {
        var realm = refusal.Headers.WwwAuthenticate
            .Select(static header => BearerChallenge.TryParse(header, out var found) ? found.TokenUri() : null)
            .FirstOrDefault(static found => found is not null) ?? throw Unreachable(uri, "it wants a login that is no Bearer token");
        List<Uri> givers = [realm, .. others.Select(other => new Uri(other, TokenPath + realm.Query)).Where(other => other != realm)];
        for (int i = 0; i < givers.Count - 1; i++)
        {
            try
            {
                return await ReadTokenAsync(givers[i], cancellationToken);
            }
            catch (Exception failure) when (NetworkFaults.Is(failure) || failure is DwebException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The next one may answer; what the last one says is told.
            }
        }

        return await ReadTokenAsync(givers[^1], cancellationToken);
    }

    private async Task<string> ReadTokenAsync(Uri realm, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(realm, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var document = Parse(await ReadAsync(response, realm, MostTokenBytes, cancellationToken), realm);
        foreach (string name in (string[])["token", "access_token"])
        {
            if (document.RootElement.TryGetProperty(name, out var token) && token.ValueKind == JsonValueKind.String)
            {
                return token.GetString()!;
            }
        }

        throw Unreachable(realm, "its answer holds no token");
    }

    private static JsonDocument Parse(byte[] json, Uri uri)
    {
        try
        {
            var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new JsonException("It is no object.");
        }
        catch (JsonException failure)
        {
            throw Unreachable(uri, "its answer is no token: " + failure.Message, failure);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, Uri uri, int most, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw Unreachable(uri, $"HTTP {(int)response.StatusCode}");
        }

        await response.Content.LoadIntoBufferAsync(most, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private static DwebException Unreachable(Uri uri, string what, Exception? inner = null) =>
        new(Catalogue.RegistryUnreachable, $"{uri.GetLeftPart(UriPartial.Path)} gave no manifest: {what}.", inner: inner);
}
