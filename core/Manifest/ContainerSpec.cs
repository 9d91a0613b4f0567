using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;

namespace Dweb.Core.Manifest;

/// <summary>
/// What an agent runs, exactly: the part of a service that its user signs through <see cref="Hash"/>. Limits are not here: the chain holds
/// the reservation. Nothing in it can name a host path, a device, a capability or the host's network.
/// </summary>
/// <param name="Service">Name of the service in the manifest; lower case, digits and dashes.</param>
/// <param name="Repository">Repository of the image in the registry, without host, tag or digest.</param>
/// <param name="ImageDigest">sha256 of the OCI manifest.</param>
/// <param name="Environment">Sorted by name.</param>
/// <param name="StopGraceSeconds">0 to 300.</param>
// The optional members stand between required ones, because the order of declaration is the order of the canonical form.
public sealed record ContainerSpec(
    string Service,
    string Repository,
    Hash32 ImageDigest,
    [Optional, DefaultParameterValue(null)] IReadOnlyList<string>? Entrypoint,
    [Optional, DefaultParameterValue(null)] IReadOnlyList<string>? Command,
    SortedDictionary<string, string> Environment,
    IReadOnlyList<PortSpec> Ports,
    [Optional, DefaultParameterValue(null)] HealthSpec? Health,
    RestartPolicy Restart,
    int StopGraceSeconds)
{
    /// <summary>How it is moved to another image; null where its user says nothing. No agent reads it.</summary>
    public UpdateSpec? Update { get; init; }

    /// <summary>What is kept of what the container writes; null for nothing. Its root is read-only.</summary>
    public IReadOnlyList<VolumeSpec>? Volumes { get; init; }

    /// <summary>Paths that are writable and forgotten when the container ends, in its own memory; null for none beside those that every container has.</summary>
    public IReadOnlyList<string>? Tmpfs { get; init; }

    /// <summary>Files that only the COEs named here can open; null for none.</summary>
    public SecretsSpec? Secrets { get; init; }

    /// <summary>The bytes that are hashed and stored: UTF-8 JSON, members in declaration order, no white space, absent members left out.</summary>
    public byte[] ToCanonicalJson() => JsonSerializer.SerializeToUtf8Bytes(this, SpecJson.Default.ContainerSpec);

    public Hash32 Hash() => Keccak256.Hash(ToCanonicalJson());

    /// <summary>Reads a spec; JSON that is not byte for byte the canonical form is refused, so that one spec has one hash.</summary>
    /// <exception cref="JsonException">Not the canonical form of a spec, or one with mounts or secrets that no agent makes.</exception>
    public static ContainerSpec FromCanonicalJson(ReadOnlySpan<byte> json)
    {
        var spec = JsonSerializer.Deserialize(json, SpecJson.Default.ContainerSpec) ?? throw new JsonException("A spec is an object.");
        return !json.SequenceEqual(spec.ToCanonicalJson()) ? throw new JsonException("The spec is not in its canonical form.")
            : spec.FindFault() is { } fault ? throw new JsonException($"The spec is not right: {fault}.")
            : spec;
    }

    private string? FindFault() =>
        MountRules.FindFault(Volumes ?? [], Tmpfs ?? [])
        ?? (Secrets is { } secrets ? SecretRules.FindFault(secrets, (Volumes ?? []).Select(static volume => volume.Path).Concat(Tmpfs ?? [])) : null);
}

/// <param name="Container">TCP port inside the container, 1 to 65535; the host's port is the agent's choice.</param>
public sealed record PortSpec(ushort Container);

/// <param name="Test">As Compose writes it: <c>CMD</c> and arguments, <c>CMD-SHELL</c> and a line, or <c>NONE</c> against the image's own.</param>
public sealed record HealthSpec(IReadOnlyList<string> Test, int IntervalSeconds, int TimeoutSeconds, int Retries, int StartPeriodSeconds)
{
    /// <summary>No check, even if the image has one.</summary>
    public static HealthSpec Disabled => new(["NONE"], 0, 0, 0, 0);
}

/// <summary>What the engine does when the container exits.</summary>
public enum RestartPolicy
{
    No,
    OnFailure,
    Always,
    UnlessStopped,
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    WriteIndented = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ContainerSpec))]
internal sealed partial class SpecJson : JsonSerializerContext;
