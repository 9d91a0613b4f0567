using System.Text.Json.Serialization;

namespace Dweb.Agent.Runtimes.Podman;

// The parts of Podman's documents that the agent uses, by Podman's names (SpecGenerator and its like, version 4).

/// <summary>A container to be made.</summary>
internal sealed record LibpodContainer
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("image")]
    public required string Image { get; init; }

    [JsonPropertyName("entrypoint")]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    [JsonPropertyName("command")]
    public IReadOnlyList<string>? Command { get; init; }

    [JsonPropertyName("env")]
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    [JsonPropertyName("labels")]
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    [JsonPropertyName("hostname")]
    public required string Hostname { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("stop_timeout")]
    public required int StopTimeout { get; init; }

    [JsonPropertyName("restart_policy")]
    public required string RestartPolicy { get; init; }

    [JsonPropertyName("systemd")]
    public required string Systemd { get; init; }

    [JsonPropertyName("log_configuration")]
    public required LibpodLog Log { get; init; }

    [JsonPropertyName("healthconfig")]
    public required LibpodHealth Health { get; init; }

    [JsonPropertyName("resource_limits")]
    public required LibpodLimits Limits { get; init; }

    [JsonPropertyName("r_limits")]
    public required IReadOnlyList<LibpodUserLimit> UserLimits { get; init; }

    [JsonPropertyName("cap_drop")]
    public required IReadOnlyList<string> DroppedCapabilities { get; init; }

    [JsonPropertyName("no_new_privileges")]
    public required bool NoNewPrivileges { get; init; }

    [JsonPropertyName("read_only_filesystem")]
    public required bool IsRootReadOnly { get; init; }

    [JsonPropertyName("image_volume_mode")]
    public required string ImageVolumes { get; init; }

    [JsonPropertyName("mounts")]
    public required IReadOnlyList<LibpodMount> Mounts { get; init; }

    [JsonPropertyName("volumes")]
    public required IReadOnlyList<LibpodVolume> Volumes { get; init; }

    [JsonPropertyName("ipcns")]
    public required LibpodNamespace Ipc { get; init; }

    [JsonPropertyName("netns")]
    public required LibpodNamespace NetworkNamespace { get; init; }

    [JsonPropertyName("Networks")]
    public required IReadOnlyDictionary<string, LibpodEndpoint> Networks { get; init; }

    [JsonPropertyName("portmappings")]
    public required IReadOnlyList<LibpodPort> Ports { get; init; }
}

internal sealed record LibpodNamespace([property: JsonPropertyName("nsmode")] string Mode);

internal sealed record LibpodEndpoint([property: JsonPropertyName("interface_name")] string Interface);

internal sealed record LibpodPort(
    [property: JsonPropertyName("host_ip")] string HostAddress, [property: JsonPropertyName("container_port")] ushort ContainerPort, [property: JsonPropertyName("protocol")] string Protocol);

/// <param name="Size">Bytes.</param>
internal sealed record LibpodLog([property: JsonPropertyName("driver")] string Driver, [property: JsonPropertyName("size")] long Size);

/// <summary>Durations in nanoseconds.</summary>
internal sealed record LibpodHealth(IReadOnlyList<string> Test, long Timeout, int Retries);

internal sealed record LibpodLimits(
    [property: JsonPropertyName("cpu")] LibpodCpu Cpu, [property: JsonPropertyName("memory")] LibpodMemory Memory, [property: JsonPropertyName("pids")] LibpodProcesses Processes);

/// <summary>Microseconds of processor time in each period.</summary>
internal sealed record LibpodCpu([property: JsonPropertyName("quota")] long Quota, [property: JsonPropertyName("period")] ulong Period);

/// <summary>Bytes; the swap's counts the memory too.</summary>
internal sealed record LibpodMemory([property: JsonPropertyName("limit")] long Limit, [property: JsonPropertyName("swap")] long Swap);

internal sealed record LibpodProcesses([property: JsonPropertyName("limit")] long Limit);

/// <param name="Type">As <c>ulimit</c> calls it.</param>
internal sealed record LibpodUserLimit([property: JsonPropertyName("type")] string Type, [property: JsonPropertyName("hard")] ulong Hard, [property: JsonPropertyName("soft")] ulong Soft);

internal sealed record LibpodMount(
    [property: JsonPropertyName("destination")] string Destination, [property: JsonPropertyName("type")] string Type, [property: JsonPropertyName("source")] string Source,
    [property: JsonPropertyName("options")] IReadOnlyList<string> Options);

/// <summary>Without a name it is its container's, and goes with it.</summary>
internal sealed record LibpodVolume([property: JsonPropertyName("Dest")] string Destination, [property: JsonPropertyName("Options")] IReadOnlyList<string> Options);

internal sealed record LibpodCreated([property: JsonPropertyName("Id")] string Id);

internal sealed record LibpodNetwork
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("driver")]
    public required string Driver { get; init; }

    [JsonPropertyName("network_interface")]
    public required string Interface { get; init; }

    [JsonPropertyName("subnets")]
    public required IReadOnlyList<LibpodSubnet> Subnets { get; init; }

    [JsonPropertyName("dns_enabled")]
    public required bool HasNameServer { get; init; }

    [JsonPropertyName("labels")]
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

internal sealed record LibpodSubnet([property: JsonPropertyName("subnet")] string Subnet, [property: JsonPropertyName("gateway")] string Gateway);

/// <summary>What is left of a network's answer: that there was one.</summary>
internal sealed record LibpodMade([property: JsonPropertyName("name")] string Name);

internal sealed record LibpodPulled([property: JsonPropertyName("error")] string? Error);

internal sealed record LibpodVersion([property: JsonPropertyName("Version")] string Version);

/// <summary>Of one check.</summary>
internal sealed record LibpodChecked([property: JsonPropertyName("Status")] string Status);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LibpodContainer))]
[JsonSerializable(typeof(LibpodCreated))]
[JsonSerializable(typeof(LibpodNetwork))]
[JsonSerializable(typeof(LibpodMade))]
[JsonSerializable(typeof(LibpodPulled))]
[JsonSerializable(typeof(LibpodChecked))]
[JsonSerializable(typeof(LibpodVersion))]
internal sealed partial class LibpodJson : JsonSerializerContext;
