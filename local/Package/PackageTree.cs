using System.IO.Compression;

namespace Dweb.Local.Package;

/// <summary>A tree of files as it will be installed: with the modes of a system's files and one time.</summary>
internal sealed class PackageTree(string root, DateTimeOffset time)
{
    private const UnixFileMode Data = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Program = Data | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Of all files so far.</summary>
    public long Bytes { get; private set; }

    public void Add(string path, byte[] content, bool runs = false)
    {
        File.WriteAllBytes(Place(path), content);
        Keep(path, content.Length, runs);
    }

    /// <summary>Compressed without a name and a time.</summary>
    public void AddCompressed(string path, byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(content);
        }

        Add(path, compressed.ToArray());
    }

    /// <param name="path">Gets all files of the folder.</param>
    /// <param name="folder">Whose files are taken.</param>
    /// <param name="programs">Names of those that are run.</param>
    public void AddFolder(string path, string folder, params IReadOnlyList<string> programs)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.Combine(path, Path.GetRelativePath(folder, file));
            File.Copy(file, Place(name));
            Keep(name, new FileInfo(file).Length, programs.Contains(Path.GetFileName(file), StringComparer.Ordinal));
        }
    }

    /// <param name="path">The link.</param>
    /// <param name="target">Relative to the link's folder.</param>
    public void Link(string path, string target) => File.CreateSymbolicLink(Place(path), target);

    /// <summary>Gives folders and files their mode and time, once all are there.</summary>
    public void Stamp()
    {
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(static f => new FileInfo(f).LinkTarget is null))
        {
            File.SetLastWriteTimeUtc(file, time.UtcDateTime);
        }

        foreach (var folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Prepend(root))
        {
            File.SetUnixFileMode(folder, Program);
            Directory.SetLastWriteTimeUtc(folder, time.UtcDateTime);
        }
    }

    private string Place(string path)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }

    private void Keep(string path, long bytes, bool runs)
    {
        Bytes += bytes;
        File.SetUnixFileMode(Path.Combine(root, path), runs ? Program : Data);
    }
}
