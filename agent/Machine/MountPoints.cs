namespace Dweb.Agent.Machine;

/// <summary>What is mounted, from a file as <c>/proc/self/mountinfo</c>.</summary>
internal static class MountPoints
{
    private const int PointColumn = 4;

    public static IReadOnlySet<string> Parse(IEnumerable<string> mountInfo) => mountInfo
        .Select(static line => line.Split(' '))
        .Where(static columns => columns.Length > PointColumn)
        .Select(static columns => KernelText.Unescape(columns[PointColumn]))
        .ToHashSet(StringComparer.Ordinal);

    /// <returns>Type of the file system that was mounted last on a path; null where none is.</returns>
    public static string? FindType(IEnumerable<string> mountInfo, string point) => mountInfo
        .Select(static line => line.Split(' '))
        .Where(columns => columns.Length > PointColumn && KernelText.Unescape(columns[PointColumn]) == point)
        .Select(static columns => columns.SkipWhile(static column => column != "-").ElementAtOrDefault(1))
        .LastOrDefault();
}
