using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Manifest;

/// <summary>What a Compose file asks for, before images are resolved and anything is signed.</summary>
/// <param name="Duration">Seconds that a replica may run in all; 1 to 2^27 − 1.</param>
/// <param name="Prepay">Seconds funded at opening; at most <paramref name="Duration"/>.</param>
/// <param name="MaxTotal">Wei for all leases together; null where the file leaves it to the ceilings.</param>
public sealed record Deployment(
    string Name,
    IReadOnlyList<ServicePlan> Services,
    uint Duration,
    uint Prepay,
    UInt128? MaxTotal,
    ushort MaxRoyaltyBps,
    ushort MaxFeeBps)
{
    /// <summary>Whether running replicas follow the channel <c>stable</c> of their image.</summary>
    public UpgradePolicy Upgrades { get; init; }

    /// <summary>Where the content of each declared secret comes from, by its name.</summary>
    public IReadOnlyDictionary<string, SecretSource> Secrets { get; init; } = new Dictionary<string, SecretSource>(StringComparer.Ordinal);
}

/// <summary>One service of a deployment, in the order of the file.</summary>
/// <param name="Image">With or without a digest; see <see cref="ImageReference"/>.</param>
/// <param name="Environment">Sorted by name.</param>
/// <param name="Replicas">1 to 256.</param>
/// <param name="RegionMask">Bit r allows region r; 0 allows every region.</param>
/// <param name="MinStake">Wei that a COE must have free in stake.</param>
public sealed record ServicePlan(
    string Name,
    ImageReference Image,
    IReadOnlyList<string>? Entrypoint,
    IReadOnlyList<string>? Command,
    SortedDictionary<string, string> Environment,
    IReadOnlyList<PortSpec> Ports,
    HealthSpec? Health,
    RestartPolicy Restart,
    int StopGraceSeconds,
    ushort Replicas,
    ResourceVector Reserved,
    PriceLimits MaxPrice,
    ulong RegionMask,
    UInt128 MinStake)
{
    /// <summary>How it is moved to another image; null where its user says nothing.</summary>
    public UpdateSpec? Update { get; init; }

    public IReadOnlyList<VolumeSpec> Volumes { get; init; } = [];

    /// <summary>Writable paths that are not kept.</summary>
    public IReadOnlyList<string> Tmpfs { get; init; } = [];

    /// <summary>Secrets that its containers get.</summary>
    public IReadOnlyList<SecretUse> Secrets { get; init; } = [];

    /// <summary>What an agent will run once the image is known by its digest.</summary>
    /// <param name="secrets">Null where none are used, or they are not sealed yet.</param>
    public ContainerSpec ToSpec(Hash32 imageDigest, SecretsSpec? secrets = null) => new(
        Name, Image.Repository, imageDigest, Entrypoint, Command, Environment, Ports, Health, Restart, StopGraceSeconds)
    {
        Update = Update,
        Volumes = Volumes.Count > 0 ? Volumes : null,
        Tmpfs = Tmpfs.Count > 0 ? Tmpfs : null,
        Secrets = secrets,
    };
}

/// <summary>The dearest prices that a service accepts, in the units of an ask; null where the user names none.</summary>
public sealed record PriceLimits(UInt128? Cpu, UInt128? Memory, UInt128? Storage, UInt128? Bandwidth, UInt128? Transfer)
{
    public static PriceLimits None { get; } = new(null, null, null, null, null);

    /// <summary>The limits, with <paramref name="fallback"/> for the resources that have none.</summary>
    public PriceVector Or(PriceVector fallback) => new(
        Cpu ?? fallback.Cpu, Memory ?? fallback.Memory, Storage ?? fallback.Storage, Bandwidth ?? fallback.Bandwidth, Transfer ?? fallback.Transfer);
}
