using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Isolation;

/// <summary>The kernel's side of deployments' networks, which stays where an engine is gone without removing its own.</summary>
internal static class Bridges
{
    private const string Interfaces = "/sys/class/net";

    /// <returns>How many were removed.</returns>
    /// <exception cref="HostToolException">The host did not do it.</exception>
    public static async Task<int> RemoveAsync(Hash32 coe, CancellationToken cancellationToken)
    {
        var left = Directory.EnumerateFileSystemEntries(Interfaces, NetworkPlan.BridgePrefix(coe) + "*").Select(Path.GetFileName).OfType<string>().ToList();
        foreach (string bridge in left)
        {
            await HostTool.RunAsync("ip", ["link", "delete", "dev", bridge], null, cancellationToken);
        }

        return left.Count;
    }
}
