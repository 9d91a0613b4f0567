using Dweb.Core.Protocol;

namespace Dweb.Agent.Runtimes;

/// <summary>How a lease's container is called and labelled. The name is the mutex: an engine gives it once.</summary>
internal static class ContainerNames
{
    public const string LeaseLabel = "io.dweb.lease";
    public const string OrderLabel = "io.dweb.order";
    public const string CoeLabel = "io.dweb.coe";
    public const string SpecLabel = "io.dweb.spec";

    /// <summary>Mbit/s that the lease reserves: each run of a container is limited anew, also by an agent that has no record of it.</summary>
    public const string BandwidthLabel = "io.dweb.bandwidth";

    private const string Prefix = "dweb-";

    public static string Of(Hash32 leaseId) => Prefix + leaseId.ToString()[2..];

    public static bool TryRead(string name, out Hash32 leaseId)
    {
        leaseId = default;
        return name.StartsWith(Prefix, StringComparison.Ordinal) && Hash32.TryParse("0x" + name[Prefix.Length..], out leaseId);
    }
}
