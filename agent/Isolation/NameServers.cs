using System.Net;
using System.Net.Sockets;

namespace Dweb.Agent.Isolation;

/// <summary>The name servers of a host, from its <c>resolv.conf</c>.</summary>
internal static class NameServers
{
    private const string Keyword = "nameserver";

    /// <returns>IPv4 addresses, without those of the host itself: no container reaches a server that listens on its loopback.</returns>
    public static IReadOnlyList<IPAddress> Parse(IEnumerable<string> lines) =>
    [
        .. lines.Select(static line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(static words => words.Length >= 2 && words[0] == Keyword)
            .Select(static words => IPAddress.TryParse(words[1], out var address) ? address : null)
            .OfType<IPAddress>()
            .Where(static address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
            .Distinct(),
    ];

    public static IReadOnlyList<IPAddress> OfThisHost(string path = "/etc/resolv.conf") => File.Exists(path) ? Parse(File.ReadLines(path)) : [];
}
