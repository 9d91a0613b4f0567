using Dweb.Local.Processes;

namespace Dweb.Local.Stack;

/// <summary>What is mounted in a folder: an engine mounts its own data, and one that is killed leaves it so.</summary>
internal static class Mounts
{
    /// <summary>Unmounts a folder and all below it, what was mounted last first.</summary>
    /// <exception cref="LocalException">Something is in use.</exception>
    public static async Task EndUnder(string folder, Tool tool, CancellationToken stop)
    {
        // In the order in which they were mounted. The kernel writes a space as \040.
        var points = File.ReadLines("/proc/self/mountinfo")
            .Select(static line => line.Split(' ')[4].Replace(@"\040", " ", StringComparison.Ordinal))
            .Where(point => point == folder || point.StartsWith(folder + "/", StringComparison.Ordinal));
        foreach (var point in points.Reverse().ToList())
        {
            await tool.Require(new Launch("umount", point), "Unmount it by hand.", stop);
        }
    }
}
