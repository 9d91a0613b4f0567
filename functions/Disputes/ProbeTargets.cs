using System.Net;

namespace Dweb.Functions.Disputes;

/// <summary>
/// Where a container may be asked whether it serves. Its agent names the addresses, and an agent may lie: nobody may make a control plane ask what
/// surrounds it. So an address is an IP address, never a name that may mean another one a moment later; of it only the root is asked, over plain HTTP;
/// and what strangers cannot reach is not asked, but where the operator says that everybody is on one private network.
/// </summary>
internal static class ProbeTargets
{
    /// <summary>So many addresses of one container are asked at most.</summary>
    public const int Most = 8;

    // Routers, metadata services and groups of machines answer there, and tunnels that hide another address.
    private static readonly IPNetwork[] Never = Read(
        "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/128", "64:ff9b::/96", "2001::/32", "2002::/16", "fe80::/10", "ff00::/8");

    private static readonly IPNetwork[] Private = Read(
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "::1/128", "fc00::/7");

    /// <param name="urls">As the agent reported them.</param>
    /// <param name="privateToo">Addresses of this machine and of private networks count as well.</param>
    public static IReadOnlyList<Uri> Of(IReadOnlyList<string> urls, bool privateToo) =>
        [.. urls.Select(url => Find(url, privateToo)).OfType<Uri>().Distinct().Take(Most)];

    private static Uri? Find(string text, bool privateToo) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && url.UserInfo.Length == 0
        && url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 && IPAddress.TryParse(url.DnsSafeHost, out var address)
        && MayBeAsked(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, privateToo)
            ? new UriBuilder(url.Scheme, url.Host, url.Port).Uri
            : null;

    private static bool MayBeAsked(IPAddress address, bool privateToo) =>
        !Never.Any(network => network.Contains(address)) && (privateToo || !Private.Any(network => network.Contains(address)));

    private static IPNetwork[] Read(params IEnumerable<string> networks) => [.. networks.Select(static network => IPNetwork.Parse(network))];
}
