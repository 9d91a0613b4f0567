using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dweb.Core.Protocol;

namespace Dweb.Functions.Tests.Stack;

/// <summary>A real CNCF Distribution registry that asks the control plane for tokens.</summary>
public sealed class ImageRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private readonly string folder = Directory.CreateTempSubdirectory("dweb-registry-").FullName;
    private readonly HttpClient http = new();
    private ChildProcess? process;

    public Uri Endpoint { get; private set; } = null!;

    public async Task StartAsync(Uri tokenRealm, string certificateFile, CancellationToken cancellationToken)
    {
        int port = FreePorts.One();
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        string config = Path.Combine(folder, "config.yml");
        await File.WriteAllTextAsync(config, $"""
            version: 0.1
            log: {"{"} level: error, accesslog: {"{"} disabled: true {"}"} {"}"}
            storage: {"{"} filesystem: {"{"} rootdirectory: {folder}/data {"}"} {"}"}
            http: {"{"} addr: "127.0.0.1:{port}", secret: of-no-worth {"}"}
            auth:
              token:
                realm: {tokenRealm}
                service: dweb-registry
                issuer: dweb
                rootcertbundle: {certificateFile}
            """, cancellationToken);
        process = new ChildProcess("docker-registry", ["serve", config], folder);
        await process.WaitForPortAsync(port, cancellationToken);
    }

    /// <summary>Pushes a config and a manifest with these annotations.</summary>
    /// <returns>The manifest's digest.</returns>
    public async Task<Hash32> PushAsync(string repository, string token, IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken)
    {
        byte[] config = Encoding.UTF8.GetBytes($$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"made":"{{Guid.NewGuid():N}}"}""");
        string configDigest = await UploadAsync(repository, token, config, cancellationToken);
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = new JsonObject { ["mediaType"] = "application/vnd.oci.image.config.v1+json", ["digest"] = configDigest, ["size"] = config.Length },
            ["layers"] = new JsonArray(),
            ["annotations"] = new JsonObject(annotations.Select(static a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value))),
        };
        byte[] bytes = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        string digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var response = await SendAsync(HttpMethod.Put, $"/v2/{repository}/manifests/{digest}", token, bytes, ManifestType, cancellationToken);
        return response.StatusCode == HttpStatusCode.Created
            ? new Hash32(SHA256.HashData(bytes))
            : throw new InvalidOperationException($"{response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? token, byte[]? body, string? type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(Endpoint, path));
        request.Headers.Accept.ParseAdd(ManifestType);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type!);
        }

        return await http.SendAsync(request, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
        }

        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<string> UploadAsync(string repository, string token, byte[] blob, CancellationToken cancellationToken)
    {
        string digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(blob));
        using var begun = await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/", token, null, null, cancellationToken);
        if (begun.StatusCode != HttpStatusCode.Accepted)
        {
            throw new InvalidOperationException($"{begun.StatusCode}: {await begun.Content.ReadAsStringAsync(cancellationToken)}");
        }

        string location = begun.Headers.Location!.IsAbsoluteUri ? begun.Headers.Location.PathAndQuery : begun.Headers.Location.ToString();
        using var done = await SendAsync(HttpMethod.Put, $"{location}&digest={digest}", token, blob, "application/octet-stream", cancellationToken);
        return done.StatusCode == HttpStatusCode.Created ? digest : throw new InvalidOperationException($"{done.StatusCode}");
    }
}
