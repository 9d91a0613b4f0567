namespace Dweb.Core.Manifest;

/// <summary>What holds for all that a container has mounted, whoever wrote the spec: its user may have signed anything.</summary>
internal static class MountRules
{
    /// <returns>What is wrong, for people; null where nothing is.</returns>
    public static string? FindFault(IReadOnlyList<VolumeSpec> volumes, IReadOnlyList<string> temporary)
    {
        List<string> paths = [.. volumes.Select(static volume => volume.Path), .. temporary];
        return paths.Find(static path => !MountPath.IsAllowed(path)) is { } wrong
                ? $"'{wrong}' is no path on which something may be mounted; write an absolute one, as /var/lib/data, outside /proc, /sys and /dev"
            : paths.GroupBy(static path => path, StringComparer.Ordinal).FirstOrDefault(static same => same.Count() > 1) is { } twice ? $"'{twice.Key}' is mounted twice"
            : paths.Count > VolumeSpec.Most ? $"there are {paths.Count} volumes; {VolumeSpec.Most} are allowed"
            : volumes.Select(static volume => volume.Name).OfType<string>().FirstOrDefault(static name => !VolumeName.IsAllowed(name)) is { } name
                ? $"'{name}' is no name of a volume; write letters, digits, dots, dashes and underscores, at most {VolumeName.MostLength}"
            : null;
    }
}
