using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Images;

/// <summary>A directory as one layer.</summary>
/// <param name="Compressed">gzip of the tar archive: what the registry stores.</param>
/// <param name="DiffId">sha256 of the tar archive itself, 64 hexadecimal digits.</param>
internal sealed record Layer(byte[] Compressed, string DiffId);

/// <summary>
/// Writes a directory as a tar archive that depends on names, contents and modes only: sorted, no times, nobody's user and group. Two
/// copies of a directory on two machines are the same archive.
/// </summary>
internal static class LayerArchive
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Special = UnixFileMode.SetUser | UnixFileMode.SetGroup;

    /// <exception cref="DwebException">The directory is missing or holds a socket, device or pipe.</exception>
    public static Layer Create(string directory)
    {
        using var archive = new MemoryStream();
        Write(directory, archive);
        string diffId = Convert.ToHexStringLower(SHA256.HashData(archive.GetBuffer().AsSpan(0, (int)archive.Length)));
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            archive.Position = 0;
            archive.CopyTo(gzip);
        }

        return new Layer(compressed.ToArray(), diffId);
    }

    /// <inheritdoc cref="Create"/>
    public static void Write(string directory, Stream destination)
    {
        if (!Directory.Exists(directory))
        {
            throw new DwebException(Catalogue.NotFound, $"There is no directory {directory}.");
        }

        using var writer = new TarWriter(destination, TarEntryFormat.Gnu, leaveOpen: true);
        WriteChildren(writer, new DirectoryInfo(directory), "");
    }

    private static void WriteChildren(TarWriter writer, DirectoryInfo directory, string prefix)
    {
        foreach (var child in directory.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None })
            .OrderBy(static child => child.Name, StringComparer.Ordinal))
        {
            string name = prefix + child.Name;
            if (child.LinkTarget is { } target)
            {
                writer.WriteEntry(Plain(new GnuTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target }, Readable | Writable | Executable));
            }
            else if (child is DirectoryInfo folder)
            {
                writer.WriteEntry(Plain(new GnuTarEntry(TarEntryType.Directory, name + "/"), ModeOfDirectory(folder)));
                WriteChildren(writer, folder, name + "/");
            }
            else
            {
                WriteFile(writer, (FileInfo)child, name);
            }
        }
    }

    private static void WriteFile(TarWriter writer, FileInfo file, string name)
    {
        // Pipes, sockets and devices have no length; opening one could wait for ever.
        if (file.Length == 0 && !IsOrdinary(file))
        {
            throw new DwebException(Catalogue.InvalidValue, $"{file.FullName} is no file, directory or symbolic link; an image cannot hold it.");
        }

        using var content = file.OpenRead();
        writer.WriteEntry(Plain(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = content }, ModeOfFile(file)));
    }

    /// <summary>The tar writer knows what a name stands for without opening it.</summary>
    private static bool IsOrdinary(FileInfo file)
    {
        try
        {
            using var probe = new MemoryStream();
            using (var writer = new TarWriter(probe, leaveOpen: true))
            {
                writer.WriteEntry(file.FullName, "probe");
            }

            probe.Position = 0;
            using var reader = new TarReader(probe);
            return reader.GetNextEntry()?.EntryType is TarEntryType.RegularFile;
        }
        catch (IOException)
        {
            // What a tar archive cannot hold: a socket.
            return false;
        }
    }

    private static GnuTarEntry Plain(GnuTarEntry entry, UnixFileMode mode)
    {
        entry.Mode = mode;
        entry.Uid = 0;
        entry.Gid = 0;
        entry.UserName = "";
        entry.GroupName = "";
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        return entry;
    }

    /// <summary>What may be run stays so, for everybody; who may read and write does not depend on the builder's umask.</summary>
    private static UnixFileMode ModeOfFile(FileInfo file)
    {
        var mode = Mode(file);
        var runnable = mode.HasFlag(UnixFileMode.UserExecute) ? Executable : UnixFileMode.None;
        return Readable | UnixFileMode.UserWrite | runnable | (mode & Special);
    }

    /// <summary>A directory that is everybody's with the sticky bit, as /tmp, stays so.</summary>
    private static UnixFileMode ModeOfDirectory(DirectoryInfo directory)
    {
        var mode = Mode(directory);
        bool shared = mode.HasFlag(UnixFileMode.StickyBit) && mode.HasFlag(UnixFileMode.OtherWrite);
        return Readable | Executable | (shared ? Writable | UnixFileMode.StickyBit : UnixFileMode.UserWrite);
    }

    private static UnixFileMode Mode(FileSystemInfo item) =>
        OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : item.UnixFileMode;
}
