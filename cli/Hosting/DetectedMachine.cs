namespace Dweb.Cli.Hosting;

/// <summary>What a machine has that can be sold.</summary>
/// <param name="Cpu">mCPU.</param>
/// <param name="Memory">MiB.</param>
/// <param name="Storage">MiB that are free where containers keep their data.</param>
internal sealed record DetectedMachine(ulong Cpu, ulong Memory, ulong Storage)
{
    private const ulong Mebibyte = 1024 * 1024;

    /// <param name="folders">Where containers keep data; where these are on several disks, the fullest one counts. Of one that is not there yet its nearest folder above.</param>
    public static DetectedMachine Look(IEnumerable<string> folders) => new(
        1_000UL * (ulong)Environment.ProcessorCount,
        (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Mebibyte,
        folders.Min(static folder => (ulong)new DriveInfo(Existing(folder)).AvailableFreeSpace) / Mebibyte);

    private static string Existing(string folder)
    {
        string path = Path.GetFullPath(folder);
        while (!Directory.Exists(path))
        {
            path = Path.GetDirectoryName(path) ?? "/";
        }

        return path;
    }
}
