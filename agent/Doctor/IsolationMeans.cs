using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Doctor;

/// <summary>What this machine has to keep containers from each other and within their limits.</summary>
/// <param name="MissingPackages">Debian's names of what is not installed.</param>
/// <param name="Capabilities">This process's, as the kernel counts them.</param>
/// <param name="HasLoopDevices">Without them there are no volumes.</param>
/// <param name="Networks">Of its interfaces, but for those of the agent's own containers.</param>
internal sealed record IsolationMeans(IReadOnlyList<string> MissingPackages, ulong Capabilities, bool HasLoopDevices, IReadOnlyList<(string Interface, IPNetwork Network)> Networks)
{
    private static readonly (string Program, string Package)[] Needed =
        [("nft", "nftables"), ("tc", "iproute2"), ("mkfs.ext4", "e2fsprogs"), ("mount", "mount"), ("nsenter", "util-linux")];

    public static IsolationMeans Look(Hash32 coe) => new(
        [.. Needed.Where(static needed => !IsOnPath(needed.Program)).Select(static needed => needed.Package)],
        CapabilitiesOf(File.ReadLines("/proc/self/status")),
        File.Exists("/dev/loop-control"),
        [.. NetworksOf(NetworkInterface.GetAllNetworkInterfaces(), NetworkPlan.BridgePrefix(coe))]);

    /// <param name="status">Lines of <c>/proc/PID/status</c>.</param>
    public static ulong CapabilitiesOf(IEnumerable<string> status)
    {
        const string Effective = "CapEff:";
        string line = status.First(static line => line.StartsWith(Effective, StringComparison.Ordinal));
        return ulong.Parse(line[Effective.Length..].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static IEnumerable<(string Interface, IPNetwork Network)> NetworksOf(IEnumerable<NetworkInterface> interfaces, string ours) =>
        from device in interfaces
        where !device.Name.StartsWith(ours, StringComparison.Ordinal)
        from address in device.GetIPProperties().UnicastAddresses
        where address.Address.AddressFamily == AddressFamily.InterNetwork
        select (device.Name, Around(address.Address, address.PrefixLength));

    private static IPNetwork Around(IPAddress address, int prefix)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = prefix; bit < 32; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), prefix);
    }
}
