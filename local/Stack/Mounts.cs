using Dweb.Local.Processes;

namespace Dweb.Local.Stack;

/// <summary>What is mounted in a folder: an engine mounts its own data, and one that is killed leaves it so.</summary>
internal static class Mounts
{
    /// <summary>Unmounts a folder and all below it, what was mounted last first.</summary>
    /// <exception cref="LocalException">Something is in use.</exception>
    public static async Task EndUnder(string folder, Tool tool, CancellationToken stop)
    {
        foreach (var point in Points().Where(point => point == folder || point.StartsWith(folder + "/", StringComparison.Ordinal)).Reverse().ToList())
        {
            await tool.Require(new Launch("umount", point), "Unmount it by hand.", stop);
        }
    }

    /// <summary>Where something is mounted, in the order in which it was.</summary>
    /// <param name="fileSystem">Only this one, as <c>ramfs</c>; all otherwise.</param>
    public static IEnumerable<string> Points(string? fileSystem = null) => File.ReadLines("/proc/self/mountinfo")
        .Where(line => fileSystem is null || line.Contains($" - {fileSystem} ", StringComparison.Ordinal))

        // The kernel writes a space as \040.
        .Select(static line => line.Split(' ')[4].Replace(@"\040", " ", StringComparison.Ordinal));
}
