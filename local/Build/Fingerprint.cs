using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dweb.Local.Build;

/// <summary>Names, sizes and times of all files of some folders, as one value: it changes when a file is edited, added or removed.</summary>
internal static class Fingerprint
{
    private static readonly HashSet<string> Generated = new(StringComparer.Ordinal) { "bin", "obj", "out", "cache", "broadcast", "node_modules", "TestResults", ".git", ".dweb" };

    public static string Of(string root, params IReadOnlyList<string> inputs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in inputs.Select(i => Path.Combine(root, i)).SelectMany(Files).Order(StringComparer.Ordinal))
        {
            var info = new FileInfo(file);
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{Path.GetRelativePath(root, file)}\0{info.Length}\0{info.LastWriteTimeUtc.Ticks}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Files(string path) =>
        Directory.Exists(path)
            ? Directory.EnumerateFiles(path).Concat(Directory.EnumerateDirectories(path).Where(IsSource).SelectMany(Files))
            : File.Exists(path) ? [path] : [];

    private static bool IsSource(string folder) => !Generated.Contains(Path.GetFileName(folder)) && new DirectoryInfo(folder).LinkTarget is null;
}
