using System.Globalization;
using Dweb.Agent.Metering;

namespace Dweb.Agent.Doctor;

/// <summary>What this machine has, as far as it can be sold or is needed to meter.</summary>
/// <param name="Cpu">mCPU.</param>
/// <param name="Memory">MiB.</param>
/// <param name="FreeDisk">MiB that are free where a folder is; null where that cannot be told.</param>
internal sealed record HostMachine(ulong Cpu, ulong Memory, ulong? FreeDisk, CgroupMounts Cgroups)
{
    private const ulong BytesOfAMebibyte = 1024 * 1024;

    /// <param name="folder">Of the agent; its nearest folder above that exists is looked at.</param>
    public static HostMachine Look(string folder) => new(
        1_000UL * (ulong)Environment.ProcessorCount,
        MemoryOf(File.ReadLines("/proc/meminfo")),
        FreeAt(folder),
        CgroupMounts.Parse(File.ReadLines("/proc/self/mountinfo")));

    /// <param name="lines">Of <c>/proc/meminfo</c>, which counts in units of 1,024 bytes.</param>
    public static ulong MemoryOf(IEnumerable<string> lines)
    {
        string total = lines.First(static line => line.StartsWith("MemTotal:", StringComparison.Ordinal));
        return ulong.Parse(total.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static ulong? FreeAt(string folder)
    {
        string? existing = Path.GetFullPath(folder);
        while (existing is not null && !Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing);
        }

        return existing is null ? null : (ulong)new DriveInfo(existing).AvailableFreeSpace / BytesOfAMebibyte;
    }
}
