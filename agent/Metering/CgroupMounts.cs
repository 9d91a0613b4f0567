using Dweb.Agent.Machine;

namespace Dweb.Agent.Metering;

/// <summary>Where this machine's cgroup hierarchies are mounted, from <c>/proc/self/mountinfo</c>.</summary>
/// <param name="Unified">Mount of version 2; null where there is none.</param>
/// <param name="Controllers">Mounts of version 1 by controller.</param>
internal sealed record CgroupMounts(CgroupMount? Unified, IReadOnlyDictionary<string, CgroupMount> Controllers)
{
    public static CgroupMounts Parse(IEnumerable<string> mountInfo)
    {
        CgroupMount? unified = null;
        var controllers = new Dictionary<string, CgroupMount>(StringComparer.Ordinal);
        foreach (string line in mountInfo)
        {
            // "id parent major:minor root mountpoint options [optional…] - type source superoptions"
            string[] halves = line.Split(" - ", 2);
            string[] head = halves[0].Split(' ');
            string[] tail = halves.Length == 2 ? halves[1].Split(' ') : [];
            if (head.Length < 6 || tail.Length < 3)
            {
                continue;
            }

            var mount = new CgroupMount(KernelText.Unescape(head[3]), KernelText.Unescape(head[4]));
            if (tail[0] == "cgroup2")
            {
                unified ??= mount;
            }
            else if (tail[0] == "cgroup")
            {
                foreach (string option in tail[2].Split(','))
                {
                    controllers.TryAdd(option, mount);
                }
            }
        }

        return new CgroupMounts(unified, controllers);
    }
}

/// <param name="Root">The group that the mount point shows; <c>/</c> on a host.</param>
internal sealed record CgroupMount(string Root, string Point)
{
    /// <summary>The folder of a group as <c>/proc/PID/cgroup</c> names it.</summary>
    public string FolderOf(string group)
    {
        string relative = Root != "/" && group.StartsWith(Root, StringComparison.Ordinal) ? group[Root.Length..] : group;
        return Point + "/" + relative.Trim('/');
    }
}
