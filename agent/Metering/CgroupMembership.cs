namespace Dweb.Agent.Metering;

/// <summary>The groups of a process, from <c>/proc/PID/cgroup</c>.</summary>
/// <param name="Unified">In version 2; null where the kernel has none.</param>
/// <param name="Controllers">In version 1, by controller.</param>
internal sealed record CgroupMembership(string? Unified, IReadOnlyDictionary<string, string> Controllers)
{
    public static CgroupMembership Parse(IEnumerable<string> lines)
    {
        string? unified = null;
        var controllers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            // "hierarchy:controllers:path"; hierarchy 0 is version 2.
            string[] parts = line.Split(':', 3);
            if (parts.Length != 3)
            {
                continue;
            }

            if (parts[0] == "0")
            {
                unified = parts[2];
                continue;
            }

            foreach (string controller in parts[1].Split(','))
            {
                controllers[controller] = parts[2];
            }
        }

        return new CgroupMembership(unified, controllers);
    }
}
