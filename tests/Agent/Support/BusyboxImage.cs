using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Dweb.Agent.Tests.Support;

/// <summary>The smallest image that can do something: Debian's static busybox, from nothing.</summary>
internal static class BusyboxImage
{
    public const string Entrypoint = "/bin/busybox";

    private static readonly string[] Places = ["/bin/busybox", "/usr/bin/busybox"];

    public static byte[] Layer()
    {
        string busybox = Places.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("busybox is missing; Debian's package is busybox-static.");
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (string folder in (string[])["bin", "tmp", "www"])
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, folder) { Mode = (UnixFileMode)0b111_111_111 });
            }

            foreach ((string name, byte[] content, bool program) in ((string, byte[], bool)[])[("bin/busybox", File.ReadAllBytes(busybox), true), ("www/index.html", "hello"u8.ToArray(), false)])
            {
                using var data = new MemoryStream(content);
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = data, Mode = (UnixFileMode)(program ? 0b111_101_101 : 0b110_100_100) });
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Gives the image to the engine directly.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> ImportAsync(DockerClient docker, CancellationToken cancellationToken)
    {
        using var tar = new MemoryStream(Layer());

        // With the host that stands for none: an engine that knows several registries asks none of them.
        string name = "localhost/dweb-agent-test-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var parameters = new ImagesCreateParameters { FromSrc = "-", Repo = name, Tag = "latest" };
        await docker.Images.CreateImageAsync(parameters, tar, new AuthConfig(), new Progress<JSONMessage>(), cancellationToken);
        return name + ":latest";
    }

    /// <summary>Writes layer, configuration and manifest to a registry, as publishing does.</summary>
    /// <param name="volumes">Paths that the image expects to be volumes.</param>
    /// <returns>The manifest's bytes.</returns>
    public static async Task<byte[]> PushAsync(HttpClient http, Uri registry, string repository, IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken, params string[] volumes)
    {
        byte[] tar = Layer();
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(tar, cancellationToken);
        }

        byte[] layer = packed.ToArray();
        byte[] config = Utf8(new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject
            {
                ["Entrypoint"] = new JsonArray(Entrypoint),
                ["Labels"] = new JsonObject(annotations.Select(static a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value))),
                ["Volumes"] = new JsonObject(volumes.Select(static volume => KeyValuePair.Create(volume, (JsonNode?)new JsonObject()))),
            },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(tar)) },
        });
        await PutBlobAsync(http, registry, repository, layer, cancellationToken);
        await PutBlobAsync(http, registry, repository, config, cancellationToken);
        byte[] manifest = Utf8(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", config),
            ["layers"] = new JsonArray(Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)),
            ["annotations"] = new JsonObject(annotations.Select(static a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value))),
        });
        using var content = new ByteArrayContent(manifest);
        content.Headers.ContentType = new("application/vnd.oci.image.manifest.v1+json");
        using var put = await http.PutAsync(new Uri(registry, $"v2/{repository}/manifests/{Digest(manifest)}"), content, cancellationToken);
        put.EnsureSuccessStatusCode();
        return manifest;
    }

    private static async Task PutBlobAsync(HttpClient http, Uri registry, string repository, byte[] blob, CancellationToken cancellationToken)
    {
        using var begin = await http.PostAsync(new Uri(registry, $"v2/{repository}/blobs/uploads/"), null, cancellationToken);
        begin.EnsureSuccessStatusCode();
        var location = new Uri(registry, begin.Headers.Location!);
        string separator = location.Query.Length > 0 ? "&" : "?";
        using var content = new ByteArrayContent(blob);
        content.Headers.ContentType = new("application/octet-stream");
        using var put = await http.PutAsync(new Uri($"{location}{separator}digest={Uri.EscapeDataString(Digest(blob))}"), content, cancellationToken);
        put.EnsureSuccessStatusCode();
    }

    private static JsonObject Descriptor(string type, byte[] bytes) => new() { ["mediaType"] = type, ["digest"] = Digest(bytes), ["size"] = bytes.Length };

    private static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Utf8(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
