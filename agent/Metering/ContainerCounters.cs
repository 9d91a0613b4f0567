using System.Globalization;

namespace Dweb.Agent.Metering;

/// <summary>Finds where the kernel counts for a container: cgroup version 1 or 2, and the network of its first process.</summary>
/// <param name="procRoot">Where proc is mounted.</param>
internal sealed class ContainerCounters(CgroupMounts mounts, string procRoot = "/proc")
{
    private const ulong NanosecondsPerMicrosecond = 1_000;

    public static ContainerCounters ForThisMachine() => new(CgroupMounts.Parse(File.ReadLines("/proc/self/mountinfo")));

    /// <param name="pid">Of the first process of the container's run.</param>
    /// <returns>Null when the process has ended.</returns>
    public RunCounters? Find(int pid)
    {
        string process = string.Create(CultureInfo.InvariantCulture, $"{procRoot}/{pid}");
        try
        {
            ulong start = ProcessIdentity.StartOf(KernelFile.Read(process + "/stat"));
            var groups = CgroupMembership.Parse(File.ReadLines(process + "/cgroup"));
            var cpu = FolderOf(groups, "cpuacct") is { } accounting
                ? new CounterFile(accounting + "/cpuacct.usage")
                : new CounterFile(UnifiedFolder(groups) + "/cpu.stat", "usage_usec", NanosecondsPerMicrosecond);
            return FolderOf(groups, "memory") is { } memory
                ? new RunCounters(process, start, cpu, new CounterFile(memory + "/memory.usage_in_bytes"), new CounterFile(memory + "/memory.stat", "total_inactive_file"))
                : new RunCounters(
                    process, start, cpu, new CounterFile(UnifiedFolder(groups) + "/memory.current"), new CounterFile(UnifiedFolder(groups) + "/memory.stat", "inactive_file"));
        }
        catch (Exception failure) when (KernelFile.IsGone(failure))
        {
            return null;
        }
    }

    private string? FolderOf(CgroupMembership groups, string controller) =>
        mounts.Controllers.TryGetValue(controller, out var mount) && groups.Controllers.TryGetValue(controller, out string? group) ? mount.FolderOf(group) : null;

    private string UnifiedFolder(CgroupMembership groups) => mounts.Unified is { } mount && groups.Unified is { } group
        ? mount.FolderOf(group)
        : throw new InvalidOperationException("This machine mounts neither cgroup version 1 nor version 2 for the container.");
}
