using System.Globalization;
using System.Net;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Resources;

namespace Dweb.Agent.Runtimes;

/// <summary>One container as the agent wants it: what the user signed, within what the chain reserved.</summary>
/// <param name="Image">Reference that the engine resolves, with a digest.</param>
/// <param name="Reserved">The lease's reservation on chain.</param>
/// <param name="PublishOn">Address whose free ports the container's ports are published on.</param>
internal sealed record ContainerPlan(
    Hash32 LeaseId, Hash32 OrderHash, Hash32 Coe, string CoeName, ushort Replica, string Image, ContainerSpec Spec, ResourceVector Reserved, IPAddress PublishOn)
{
    public string Name => ContainerNames.Of(LeaseId);

    /// <summary>The deployment's, which is there.</summary>
    public required NetworkPlan Network { get; init; }

    /// <summary>What it keeps; everything else of it is read-only or forgotten.</summary>
    public IReadOnlyList<MountPlan> Mounts { get; init; } = [];

    /// <summary>Folder of the host with its secrets, to be mounted read-only; null for none.</summary>
    public string? SecretsFolder { get; init; }

    /// <summary>Writable and forgotten.</summary>
    public IEnumerable<string> Temporary => TemporaryPaths.Of(Spec);

    public long MemoryBytes => checked((long)(Reserved.Memory * ContainerLimits.Mebibyte));

    /// <summary>The name that it has of itself.</summary>
    public string Hostname => $"{Spec.Service}-{Replica}";

    /// <summary>Of each of its temporary folders. What is in one counts as the container's memory; half of that at most for one of them, as elsewhere.</summary>
    public string TemporaryOptions() => string.Create(CultureInfo.InvariantCulture, $"rw,nosuid,nodev,mode=1777,size={MemoryBytes / 2}");

    /// <summary>The user's variables, and ours, which win.</summary>
    public SortedDictionary<string, string> Variables()
    {
        var variables = new SortedDictionary<string, string>(Spec.Environment, StringComparer.Ordinal)
        {
            ["DWEB_LEASE"] = LeaseId.ToString(),
            ["DWEB_SERVICE"] = Spec.Service,
            ["DWEB_REPLICA"] = Hostname,
            ["DWEB_COE"] = CoeName,
        };
        return variables;
    }

    public Dictionary<string, string> Labels() => new(StringComparer.Ordinal)
    {
        [ContainerNames.LeaseLabel] = LeaseId.ToString(),
        [ContainerNames.OrderLabel] = OrderHash.ToString(),
        [ContainerNames.CoeLabel] = Coe.ToString(),
        [ContainerNames.SpecLabel] = Spec.Hash().ToString(),
        [ContainerNames.BandwidthLabel] = Reserved.Bandwidth.ToString(CultureInfo.InvariantCulture),
    };
}
