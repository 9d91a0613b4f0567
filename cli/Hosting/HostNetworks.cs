using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Numerics;

namespace Dweb.Cli.Hosting;

/// <summary>IPv4 networks that a machine knows: what its interfaces are on, and what it has a route to.</summary>
internal static class HostNetworks
{
    private const string RouteTable = "/proc/net/route";
    private const int DestinationColumn = 1;
    private const int MaskColumn = 7;

    // A default route may come in two halves, as that of a tunnel; what is as wide says nothing of a private network.
    private const int WidestPrefix = 8;

    public static IReadOnlyList<IPNetwork> Look() =>
        [.. OfInterfaces(), .. File.Exists(RouteTable) ? OfRoutes(File.ReadLines(RouteTable)) : []];

    /// <param name="table">Lines of <c>/proc/net/route</c>.</param>
    public static IEnumerable<IPNetwork> OfRoutes(IEnumerable<string> table) =>
        from line in table.Skip(1)
        select line.Split('\t', StringSplitOptions.TrimEntries) into columns
        where columns.Length > MaskColumn
        let prefix = BitOperations.PopCount(Number(columns[MaskColumn]))
        where prefix >= WidestPrefix
        select new IPNetwork(new IPAddress(BitConverter.GetBytes(Number(columns[DestinationColumn]))), prefix);

    private static IEnumerable<IPNetwork> OfInterfaces() =>
        from device in NetworkInterface.GetAllNetworkInterfaces()
        from address in device.GetIPProperties().UnicastAddresses
        where address.Address.AddressFamily == AddressFamily.InterNetwork
        select Around(address.Address, address.PrefixLength);

    private static IPNetwork Around(IPAddress address, int prefix)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = prefix; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), prefix);
    }

    // As the machine keeps it in memory, which is as an address is read from its bytes.
    private static uint Number(string hexadecimal) => uint.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
