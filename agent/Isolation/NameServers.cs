using System.Net;
using System.Net.Sockets;

namespace Dweb.Agent.Isolation;

/// <summary>The name servers of a host, from its <c>resolv.conf</c>.</summary>
internal static class NameServers
{
    private const string Keyword = "nameserver";

    // Of systemd-resolved, which answers the machine's own programs there and asks the servers that it names elsewhere.
    private static readonly IPAddress Stub = new([127, 0, 0, 53]);

    /// <returns>IPv4 addresses, without those of the host itself: no container reaches a server that listens on its loopback.</returns>
    public static IReadOnlyList<IPAddress> Parse(IEnumerable<string> lines) =>
        [.. Named(lines).Where(static address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)).Distinct()];

    /// <param name="upstream">Where systemd-resolved names the servers behind its stub, which engines give to containers in its place.</param>
    public static IReadOnlyList<IPAddress> OfThisHost(string path = "/etc/resolv.conf", string upstream = "/run/systemd/resolve/resolv.conf")
    {
        string[] lines = Read(path);
        return Named(lines).Contains(Stub) ? [.. Parse(lines).Union(Parse(Read(upstream)))] : Parse(lines);
    }

    private static string[] Read(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];

    private static IEnumerable<IPAddress> Named(IEnumerable<string> lines) => lines
        .Select(static line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .Where(static words => words.Length >= 2 && words[0] == Keyword)
        .Select(static words => IPAddress.TryParse(words[1], out var address) ? address : null)
        .OfType<IPAddress>();
}
