using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dweb.Chain.Contracts;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Image = Dweb.Core.Protocol.Messages.Image;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>Pushes what publishing never would: variants of the demo's manifest, with or without an NFT that agrees.</summary>
internal sealed class Manifests(RealStack stack) : IDisposable
{
    private const string Repository = "demo/web";
    private const ushort AnnotatedRoyalty = 500;
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(stack.Local.Addresses.RegistryUrl) };

    /// <summary>
    /// Pushes the demo's manifest with a mark, so that it has a digest of its own, and with the components hash of an image without components.
    /// Returns <c>sha256:…</c>.
    /// </summary>
    public async Task<string> PushVariantAsync(PrivateKey wallet, string mark, CancellationToken cancellationToken)
    {
        string token = await TokenAsync(wallet, cancellationToken);
        using var original = await SendAsync(HttpMethod.Get, stack.ImageDigest, token, null, cancellationToken);
        var manifest = JsonNode.Parse(await original.Content.ReadAsStringAsync(cancellationToken))!;
        var annotations = manifest["annotations"]!;
        annotations["org.example.variant"] = mark;
        annotations[Image.ComponentsAnnotation] = ImageOf(wallet, Hash32.Zero, AnnotatedRoyalty).ComponentsHash().ToString();
        byte[] bytes = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        string digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var pushed = await SendAsync(HttpMethod.Put, digest, token, bytes, cancellationToken);
        return digest;
    }

    /// <summary>Mints the NFT of a variant to a wallet: what the manifest says, unless the wallet or the royalty is another.</summary>
    public async Task MintAsync(PrivateKey wallet, string digest, CancellationToken cancellationToken, ushort royaltyBps = AnnotatedRoyalty)
    {
        var image = ImageOf(wallet, Hash32.Parse("0x" + digest["sha256:".Length..]), royaltyBps);
        var registry = new ContainerRegistry(stack.Chain.Client, stack.Chain.Addresses.ContainerRegistry);
        var signature = wallet.SignDigest(stack.Chain.DomainOf(registry.Address).Digest(image.StructHash()));
        await stack.Chain.SendAsync(
            wallet, registry.Mint(new(image.Publisher, image.ManifestDigest, image.Name, image.RoyaltyBps, image.SelfWeight, []), signature.ToArray()), cancellationToken);
    }

    /// <summary>Changes a manifest where the registry stores it, as a broken disk or an intruder would.</summary>
    public void Corrupt(string digest)
    {
        string hex = digest["sha256:".Length..];
        string blob = Path.Combine(stack.State.DataOf("registry"), "docker", "registry", "v2", "blobs", "sha256", hex[..2], hex, "data");
        File.WriteAllText(blob, File.ReadAllText(blob).Replace("org.example.variant", "org.example.another", StringComparison.Ordinal));
    }

    public void Dispose() => _http.Dispose();

    private static Image ImageOf(PrivateKey wallet, Hash32 digest, ushort royaltyBps) => new(wallet.Address, digest, "variant", royaltyBps, 1, []);

    private async Task<string> TokenAsync(PrivateKey wallet, CancellationToken cancellationToken)
    {
        string login = await stack.Api.LoginAsync(wallet, cancellationToken);
        string scope = Uri.EscapeDataString($"repository:{Repository}:pull,push");
        using var answer = await stack.Api.SendAsync(Api.Get($"/registry/token?service=dweb-registry&scope={scope}", login), cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!["token"]!;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string digest, string token, byte[]? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, $"/v2/{Repository}/manifests/{digest}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd(ManifestType);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(ManifestType) } };
        }

        var answer = await _http.SendAsync(request, cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {request.RequestUri}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        return answer;
    }
}
