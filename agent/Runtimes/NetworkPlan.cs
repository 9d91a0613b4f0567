using System.Globalization;
using System.Net;
using Dweb.Agent.Isolation;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Runtimes;

/// <summary>A network that one deployment has to itself on a COE: nothing that is not its own is on it.</summary>
/// <param name="Name">The engine's name of it.</param>
/// <param name="Bridge">The kernel's interface, by which the firewall knows it; 15 characters at most.</param>
internal sealed record NetworkPlan(Hash32 Coe, string Name, string Bridge, IPNetwork Subnet, IPAddress Gateway)
{
    /// <summary>Derived of COE and slot, so that a network which was half made is found again.</summary>
    public static NetworkPlan Of(Hash32 coe, AddressRange range, int slot)
    {
        string number = slot.ToString("x3", CultureInfo.InvariantCulture);
        return new NetworkPlan(coe, NamePrefix(coe) + number, BridgePrefix(coe) + number, range.Part(slot), range.Gateway(slot));
    }

    public static bool TryReadSlot(Hash32 coe, string name, out int slot)
    {
        slot = -1;
        string prefix = NamePrefix(coe);
        return name.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out slot);
    }

    /// <summary>With which the interfaces of all networks of a COE begin, and no other COE's on this machine.</summary>
    public static string BridgePrefix(Hash32 coe) => $"dw{Short(coe, 8)}-";

    private static string NamePrefix(Hash32 coe) => $"dweb-{Short(coe, 12)}-";

    private static string Short(Hash32 coe, int digits) => coe.ToString().Substring(2, digits);
}
