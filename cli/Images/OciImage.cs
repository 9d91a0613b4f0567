using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Cli.Images;

/// <summary>How a container of an image starts.</summary>
/// <param name="Environment">As <c>NAME=value</c>, sorted.</param>
/// <param name="Ports">TCP ports.</param>
internal sealed record ImageDefaults(
    IReadOnlyList<string> Entrypoint, IReadOnlyList<string> Command, IReadOnlyList<string> Environment, IReadOnlyList<ushort> Ports);

/// <summary>Bytes that the registry stores under their own hash.</summary>
internal sealed record Blob(byte[] Content, string MediaType)
{
    /// <summary><c>sha256:</c> and 64 hexadecimal digits.</summary>
    public string Digest { get; } = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Content));

    public OciDescriptor Describe() => new(MediaType, Digest, Content.Length);
}

/// <summary>An OCI image of one layer. The same content, defaults and annotations give the same digest, everywhere.</summary>
internal sealed record OciImage(Blob Layer, Blob Config, Blob Manifest)
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>The manifest's digest: the token id of the image's NFT.</summary>
    public Hash32 Digest => Hash32.Parse("0x" + Manifest.Digest["sha256:".Length..]);

    /// <param name="architecture">As OCI names it: <c>amd64</c>, <c>arm64</c>.</param>
    /// <param name="components">The components hash of the image's NFT, which the manifest commits to.</param>
    public static OciImage Build(Layer layer, ImageDefaults defaults, string architecture, EvmAddress publisher, Hash32 components)
    {
        var layerBlob = new Blob(layer.Compressed, LayerType);
        var config = new OciConfig(
            architecture, "linux", "1970-01-01T00:00:00Z",
            new OciRunConfig(
                NullIfEmpty(defaults.Entrypoint), NullIfEmpty(defaults.Command), NullIfEmpty(defaults.Environment),
                defaults.Ports.Count == 0 ? null : new(defaults.Ports.ToDictionary(static port => port + "/tcp", static _ => new OciNothing()), StringComparer.Ordinal)),
            new OciRootFilesystem("layers", ["sha256:" + layer.DiffId]));
        var configBlob = new Blob(JsonSerializer.SerializeToUtf8Bytes(config, OciJson.Default.OciConfig), ConfigType);
        var manifest = new OciManifest(
            2, ManifestType, configBlob.Describe(), [layerBlob.Describe()],
            new(StringComparer.Ordinal) { [Image.ComponentsAnnotation] = components.ToString(), [Image.PublisherAnnotation] = publisher.ToString() });
        return new OciImage(layerBlob, configBlob, new Blob(JsonSerializer.SerializeToUtf8Bytes(manifest, OciJson.Default.OciManifest), ManifestType));
    }

    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> list) => list.Count == 0 ? null : list;
}

internal sealed record OciDescriptor(string MediaType, string Digest, long Size);

internal sealed record OciManifest(
    int SchemaVersion, string MediaType, OciDescriptor Config, IReadOnlyList<OciDescriptor> Layers, SortedDictionary<string, string> Annotations);

internal sealed record OciConfig(
    string Architecture, string Os, string Created, [property: JsonPropertyName("config")] OciRunConfig Run, [property: JsonPropertyName("rootfs")] OciRootFilesystem Files);

internal sealed record OciRunConfig(
    [property: JsonPropertyName("Entrypoint")] IReadOnlyList<string>? Entrypoint,
    [property: JsonPropertyName("Cmd")] IReadOnlyList<string>? Command,
    [property: JsonPropertyName("Env")] IReadOnlyList<string>? Environment,
    [property: JsonPropertyName("ExposedPorts")] SortedDictionary<string, OciNothing>? Ports);

internal sealed record OciRootFilesystem(string Type, [property: JsonPropertyName("diff_ids")] IReadOnlyList<string> DiffIds);

internal sealed record OciNothing;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OciConfig))]
[JsonSerializable(typeof(OciManifest))]
[JsonSerializable(typeof(RegistryToken))]
internal sealed partial class OciJson : JsonSerializerContext;
