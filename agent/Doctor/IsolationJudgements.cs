using System.Net;
using Dweb.Agent.Isolation;
using Dweb.Core.Doctor;

namespace Dweb.Agent.Doctor;

/// <summary>What is made of the means by which a host keeps containers apart; no I/O.</summary>
internal static class IsolationJudgements
{
    // Bits of linux/capability.h.
    private const int NetAdmin = 12;
    private const int SysAdmin = 21;

    public static Finding Tools(IReadOnlyList<string> missingPackages) => missingPackages.Count == 0
        ? Finding.Ok("tools", "firewall, traffic control and file systems have their programs")
        : Finding.Wrong("tools", $"not installed: {string.Join(", ", missingPackages)}.", $"apt-get install {string.Join(' ', missingPackages)}");

    public static Finding Rights(ulong capabilities) => (Has(capabilities, NetAdmin), Has(capabilities, SysAdmin)) switch
    {
        (true, true) => Finding.Ok("rights", "firewall and disks may be changed"),
        (false, _) => Finding.Wrong("rights", "the firewall may not be changed: the agent does not start.", "Run it as root, or with CAP_NET_ADMIN and CAP_SYS_ADMIN."),
        _ => Finding.Wrong("rights", "nothing may be mounted: no lease with volumes is started.", "Run it as root, or with CAP_SYS_ADMIN."),
    };

    public static Finding Volumes(bool hasLoopDevices) => hasLoopDevices
        ? Finding.Ok("volumes", "there are loop devices")
        : Finding.Wrong("volumes", "there are no loop devices: no lease with volumes is started.", "modprobe loop");

    public static Finding Range(AddressRange range, IEnumerable<(string Interface, IPNetwork Network)> others)
    {
        List<string> overlapping =
        [
            .. others.Where(other => range.Network.Contains(other.Network.BaseAddress) || other.Network.Contains(range.Network.BaseAddress))
                .Select(static other => $"{other.Network} of {other.Interface}"),
        ];
        return overlapping.Count == 0
            ? Finding.Ok("network range", $"{range}, for {range.Count} deployments at a time")
            : Finding.Wrong("network range", $"{range} has addresses of {string.Join(", ", overlapping)}.", "Set 'networkRange' to addresses that nothing else here has.");
    }

    private static bool Has(ulong capabilities, int bit) => (capabilities >> bit & 1) == 1;
}
