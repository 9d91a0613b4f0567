using System.Globalization;
using Dweb.Agent.Metering;

namespace Dweb.Agent.Tests.Support;

/// <summary>What the kernel holds a process to, as it says itself, whatever engine asked it to.</summary>
/// <param name="Memory">Bytes.</param>
/// <param name="Cpu">mCPU.</param>
/// <param name="Status">Members of <c>/proc/PID/status</c>.</param>
internal sealed record KernelLimits(long Memory, long Processes, long Cpu, IReadOnlyDictionary<string, string> Status)
{
    public static KernelLimits Of(int pid)
    {
        var groups = CgroupMembership.Parse(File.ReadLines($"/proc/{pid}/cgroup"));
        var mounts = CgroupMounts.Parse(File.ReadLines("/proc/self/mountinfo"));
        var status = File.ReadLines($"/proc/{pid}/status").Select(static line => line.Split(':', 2)).ToDictionary(static pair => pair[0], static pair => pair[1].Trim(), StringComparer.Ordinal);
        return new KernelLimits(
            Least("memory", "memory.limit_in_bytes", "memory.max"), Least("pids", "pids.max", "pids.max"),
            mounts.Controllers.ContainsKey("cpu") ? 1_000 * Least("cpu", "cpu.cfs_quota_us", "") / Least("cpu", "cpu.cfs_period_us", "") : CpuOfVersion2(), status);

        // A process may be in a group below the one that is limited.
        long Least(string controller, string first, string second)
        {
            (string root, string folder, string file) = Place(controller, first, second);
            long least = long.MaxValue;
            for (string? at = folder; at is not null && at.Length >= root.Length; at = Path.GetDirectoryName(at))
            {
                string path = Path.Combine(at, file);
                if (File.Exists(path) && long.TryParse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture, out long limit) && limit > 0)
                {
                    least = Math.Min(least, limit);
                }
            }

            return least;
        }

        long CpuOfVersion2()
        {
            (string root, string folder, string file) = Place("cpu", "", "cpu.max");
            for (string? at = folder; at is not null && at.Length > root.Length; at = Path.GetDirectoryName(at))
            {
                string[] words = File.ReadAllText(Path.Combine(at, file)).Trim().Split(' ');
                if (words[0] != "max")
                {
                    return 1_000 * long.Parse(words[0], CultureInfo.InvariantCulture) / long.Parse(words[1], CultureInfo.InvariantCulture);
                }
            }

            return long.MaxValue;
        }

        (string Root, string Folder, string File) Place(string controller, string first, string second) =>
            mounts.Controllers.TryGetValue(controller, out var mount) && groups.Controllers.TryGetValue(controller, out string? group) ? (mount.Point, mount.FolderOf(group), first)
            : (mounts.Unified!.Point, mounts.Unified.FolderOf(groups.Unified!), second);
    }
}
