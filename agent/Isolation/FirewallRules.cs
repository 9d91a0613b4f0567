using System.Globalization;
using System.Net;
using System.Text;
using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Isolation;

/// <summary>
/// The agent's own table of the kernel's firewall, whatever engine runs the containers and whatever rules that engine has. A container reaches its own
/// deployment, and public addresses; of private ones only the host's name servers. The host it reaches only in answer. From outside it is reached through
/// its published ports. The rules depend on nothing that changes while the agent runs, so that a firewall which was wiped is put back as it was.
/// </summary>
internal static class FirewallRules
{
    // Before the engine's rules, which stand at 0: what is dropped here reaches none of them.
    private const int Priority = -10;

    // RFC 6890: what is not globally reachable. Multicast and what lies above it are no destination of a container either.
    private static readonly string[] NotPublic =
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
    ];

    public static string TableName(Hash32 coe) => string.Concat("dweb_", coe.ToString().AsSpan(2, 12));

    /// <summary>For <c>nft -f</c>: takes the place of the table that is there, in one step.</summary>
    /// <param name="nameServers">IPv4 addresses that answer port 53, also where they are private.</param>
    public static string Render(Hash32 coe, AddressRange range, IReadOnlyList<IPAddress> nameServers)
    {
        string ours = $"\"{NetworkPlan.BridgePrefix(coe)}*\"";
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"add table inet {TableName(coe)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"delete table inet {TableName(coe)}");
        text.AppendLine(CultureInfo.InvariantCulture, $$"""
            table inet {{TableName(coe)}} {
              set deployments {
                type ifname . ipv4_addr
                flags interval
                elements = { {{string.Join(", ", Enumerable.Range(0, range.Count).Select(slot => Element(NetworkPlan.Of(coe, range, slot))))}} }
              }
              set closed {
                type ipv4_addr
                flags interval
                elements = { {{string.Join(", ", NotPublic)}} }
              }
              set resolvers {
                type ipv4_addr
            {{(nameServers.Count > 0 ? $"    elements = {{ {string.Join(", ", nameServers)} }}" : "")}}
              }
              chain forward {
                type filter hook forward priority {{Priority}}; policy accept;
                iifname {{ours}} goto leaving
                oifname {{ours}} goto arriving
              }
              chain leaving {
                meta nfproto != ipv4 drop
                iifname . ip saddr != @deployments drop
                ct state established,related accept
                iifname . ip daddr @deployments accept
                ip daddr @resolvers meta l4proto { tcp, udp } th dport 53 accept
                ip daddr @closed drop
              }
              chain arriving {
                ct state established,related accept
                ct status dnat accept
                drop
              }
              chain input {
                type filter hook input priority {{Priority}}; policy accept;
                iifname {{ours}} ct state established,related accept
                iifname {{ours}} drop
              }
            }
            """);
        return text.ToString();
    }

    private static string Element(NetworkPlan network) => $"\"{network.Bridge}\" . {network.Subnet}";
}
