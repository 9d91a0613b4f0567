using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Images;

/// <summary>
/// Pushes to a registry over the distribution API. What is there already is not sent again. Tokens come from the token service that
/// the registry names, and the login goes to the control plane only, whatever the registry says.
/// </summary>
/// <param name="registry">Scheme, host and port.</param>
/// <param name="tokenIssuer">Where a login may be sent: the control plane.</param>
/// <param name="login">Gives the login's token when the registry asks who is there; null for nobody in particular.</param>
internal sealed class RegistryClient(HttpClient http, Uri registry, Uri tokenIssuer, Func<CancellationToken, Task<string?>> login)
{
    private string? token;

    /// <returns>True when anything had to be sent.</returns>
    /// <exception cref="DwebException">The registry does not answer, or refuses.</exception>
    public async Task<bool> PushAsync(string repository, OciImage image, CancellationToken cancellationToken)
    {
        string manifest = $"/v2/{repository}/manifests/{image.Manifest.Digest}";
        if (await ExistsAsync(manifest, cancellationToken))
        {
            return false;
        }

        await PushBlobAsync(repository, image.Layer, cancellationToken);
        await PushBlobAsync(repository, image.Config, cancellationToken);
        using var answer = await SendAsync(() => Put(new Uri(registry, manifest), image.Manifest), cancellationToken);
        Require(answer, HttpStatusCode.Created, "take the manifest");
        return true;
    }

    /// <returns>Null when the registry has no such manifest.</returns>
    public async Task<byte[]?> GetManifestAsync(string repository, string digest, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() => Ask(HttpMethod.Get, $"/v2/{repository}/manifests/{digest}"), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        Require(answer, HttpStatusCode.OK, "give the manifest");
        return await answer.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private async Task PushBlobAsync(string repository, Blob blob, CancellationToken cancellationToken)
    {
        if (await ExistsAsync($"/v2/{repository}/blobs/{blob.Digest}", cancellationToken))
        {
            return;
        }

        Uri upload;
        using (var started = await SendAsync(() => Ask(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/"), cancellationToken))
        {
            Require(started, HttpStatusCode.Accepted, "start an upload");
            upload = new Uri(registry, started.Headers.Location ?? throw Refused("answered an upload without an address for it"));
        }

        string separator = upload.Query.Length == 0 ? "?" : "&";
        var target = new Uri(upload + separator + "digest=" + Uri.EscapeDataString(blob.Digest));
        using var answer = await SendAsync(() => Put(target, blob with { MediaType = "application/octet-stream" }), cancellationToken);
        Require(answer, HttpStatusCode.Created, "take a layer");
    }

    private async Task<bool> ExistsAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() => Ask(HttpMethod.Head, path), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        Require(answer, HttpStatusCode.OK, "say whether it has a blob");
        return true;
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        var answer = await SendOnceAsync(request, token, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Unauthorized || BearerChallenge.Find(answer.Headers.WwwAuthenticate) is not { } challenge)
        {
            return answer;
        }

        answer.Dispose();
        token = await FetchTokenAsync(challenge, cancellationToken);
        return await SendOnceAsync(request, token, cancellationToken);
    }

    private async Task<string> FetchTokenAsync(BearerChallenge challenge, CancellationToken cancellationToken)
    {
        if (Uri.Compare(challenge.Realm, tokenIssuer, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
        {
            throw Refused($"sends logins to {challenge.Realm}, which is not the control plane at {tokenIssuer}; no login was sent");
        }

        string? proof = await login(cancellationToken);
        using var answer = await SendOnceAsync(() => new HttpRequestMessage(HttpMethod.Get, challenge.TokenAddress()), proof, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new DwebException(Catalogue.Unauthorised, $"The token service {challenge.Realm} answered {(int)answer.StatusCode} for {challenge.Scope}.");
        }

        var granted = JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellationToken), OciJson.Default.RegistryToken);
        return granted?.Token ?? granted?.AccessToken ?? throw Refused($"got no token from {challenge.Realm}");
    }

    private async Task<HttpResponseMessage> SendOnceAsync(Func<HttpRequestMessage> make, string? bearer, CancellationToken cancellationToken)
    {
        var request = make();
        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (Exception fault) when (NetworkFaults.Is(fault))
        {
            throw new DwebException(Catalogue.RegistryUnreachable, $"{request.RequestUri!.GetLeftPart(UriPartial.Authority)} does not answer: {fault.Message}", inner: fault);
        }
    }

    private HttpRequestMessage Ask(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(registry, path));
        request.Headers.Accept.ParseAdd(OciImage.ManifestType);
        return request;
    }

    private static HttpRequestMessage Put(Uri target, Blob blob)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, target) { Content = new ByteArrayContent(blob.Content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(blob.MediaType);
        return request;
    }

    private void Require(HttpResponseMessage answer, HttpStatusCode wanted, string what)
    {
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new DwebException(Catalogue.Forbidden, $"The registry at {registry} does not let this wallet in: {(int)answer.StatusCode} to {answer.RequestMessage?.RequestUri?.AbsolutePath}.");
        }

        if (answer.StatusCode != wanted)
        {
            throw Refused($"did not {what}: {(int)answer.StatusCode} to {answer.RequestMessage?.RequestUri?.AbsolutePath}");
        }
    }

    private DwebException Refused(string what) => new(Catalogue.RegistryUnreachable, $"The registry at {registry} {what}.");
}
