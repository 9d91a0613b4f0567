using System.Net;
using Dweb.Agent.Machine;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Isolation;

/// <summary>Keeps <see cref="FirewallRules"/> in the kernel. They stay when the agent ends: containers go on without it.</summary>
internal sealed class Firewall(Hash32 coe, AddressRange range, Func<IReadOnlyList<IPAddress>> nameServers) : IFirewall
{
    private string? applied;

    public async Task<bool> EnsureAsync(CancellationToken cancellationToken)
    {
        string wanted = FirewallRules.Render(coe, range, nameServers());
        if (wanted == applied && await StandsAsync(cancellationToken))
        {
            return false;
        }

        await HostTool.RunAsync("nft", ["-f", "-"], wanted, cancellationToken);
        applied = wanted;
        return true;
    }

    /// <summary>Takes them out; none there is no fault.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        applied = null;
        string table = FirewallRules.TableName(coe);
        await HostTool.RunAsync("nft", ["-f", "-"], $"add table inet {table}\ndelete table inet {table}\n", cancellationToken);
    }

    private async Task<bool> StandsAsync(CancellationToken cancellationToken) =>
        (await HostTool.TryAsync("nft", ["list", "chain", "inet", FirewallRules.TableName(coe), "input"], null, cancellationToken)).Code == 0;
}
