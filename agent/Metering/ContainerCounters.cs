using System.Globalization;

namespace Dweb.Agent.Metering;

/// <summary>Reads a container's counters from the kernel's files: cgroup version 1 or 2, and the network of its first process.</summary>
/// <param name="procRoot">Where proc is mounted.</param>
internal sealed class ContainerCounters(CgroupMounts mounts, string procRoot = "/proc")
{
    private const ulong NanosecondsPerMicrosecond = 1_000;

    public static ContainerCounters ForThisMachine() => new(CgroupMounts.Parse(File.ReadLines("/proc/self/mountinfo")));

    /// <returns>Null when the process ended while its counters were read.</returns>
    public CounterSample? Read(int pid)
    {
        try
        {
            var groups = CgroupMembership.Parse(File.ReadLines($"{procRoot}/{pid}/cgroup"));
            (ulong received, ulong sent) = NetworkCounters.Parse(File.ReadLines($"{procRoot}/{pid}/net/dev"));
            return new CounterSample(ReadCpu(groups), ReadMemory(groups), received, sent);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException || IsNoSuchProcess(failure))
        {
            return null;
        }
    }

    private ulong ReadCpu(CgroupMembership groups) =>
        FolderOf(groups, "cpuacct") is { } v1
            ? Number(File.ReadAllText(v1 + "/cpuacct.usage"))
            : Field(UnifiedFolder(groups) + "/cpu.stat", "usage_usec") * NanosecondsPerMicrosecond;

    private ulong ReadMemory(CgroupMembership groups)
    {
        (ulong used, ulong droppable) = FolderOf(groups, "memory") is { } v1
            ? (Number(File.ReadAllText(v1 + "/memory.usage_in_bytes")), Field(v1 + "/memory.stat", "total_inactive_file"))
            : (Number(File.ReadAllText(UnifiedFolder(groups) + "/memory.current")), Field(UnifiedFolder(groups) + "/memory.stat", "inactive_file"));
        return used - Math.Min(used, droppable);
    }

    private string? FolderOf(CgroupMembership groups, string controller) =>
        mounts.Controllers.TryGetValue(controller, out var mount) && groups.Controllers.TryGetValue(controller, out string? group) ? mount.FolderOf(group) : null;

    private string UnifiedFolder(CgroupMembership groups) => mounts.Unified is { } mount && groups.Unified is { } group
        ? mount.FolderOf(group)
        : throw new InvalidOperationException("This machine mounts neither cgroup version 1 nor version 2 for the container.");

    private static ulong Field(string path, string name)
    {
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ' ')
            {
                return Number(line[name.Length..]);
            }
        }

        throw new InvalidDataException($"'{path}' has no line '{name}'.");
    }

    private static ulong Number(string text) => ulong.Parse(text.Trim(), CultureInfo.InvariantCulture);

    // The kernel answers ESRCH on a file of a process that ended after it was opened.
    private static bool IsNoSuchProcess(Exception failure) => failure is IOException && (failure.HResult & 0xffff) is 3 or 19;
}
