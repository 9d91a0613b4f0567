using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using Dweb.Cli.Images;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Tests.Images;

public sealed class LayerArchiveTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dweb-layer-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Two_copies_of_a_directory_are_one_layer()
    {
        string first = Tree("first", DateTime.UnixEpoch.AddYears(40), UnixFileMode.UserRead | UnixFileMode.UserWrite, backwards: false);
        string second = Tree("second", DateTime.UnixEpoch.AddYears(50), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, backwards: true);

        var one = LayerArchive.Create(first);
        var other = LayerArchive.Create(second);

        Assert.Equal(one.DiffId, other.DiffId);
        Assert.Equal(one.Compressed, other.Compressed);
    }

    [Theory]
    [InlineData("content")]
    [InlineData("name")]
    [InlineData("executable")]
    [InlineData("link")]
    public void Whatever_a_container_would_see_is_in_the_layer(string change)
    {
        string tree = Tree("tree", DateTime.UnixEpoch, UnixFileMode.UserRead, backwards: false);
        string before = LayerArchive.Create(tree).DiffId;

        switch (change)
        {
            case "content":
                File.SetUnixFileMode(Path.Combine(tree, "etc", "motd"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
                File.WriteAllText(Path.Combine(tree, "etc", "motd"), "hallo");
                break;
            case "name":
                File.Move(Path.Combine(tree, "etc", "motd"), Path.Combine(tree, "etc", "motd2"));
                break;
            case "executable":
                File.SetUnixFileMode(Path.Combine(tree, "etc", "motd"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
                break;
            default:
                File.Delete(Path.Combine(tree, "bin", "sh"));
                File.CreateSymbolicLink(Path.Combine(tree, "bin", "sh"), "toybox");
                break;
        }

        Assert.NotEqual(before, LayerArchive.Create(tree).DiffId);
    }

    [Fact]
    public void Entries_are_sorted_nobodys_and_without_time()
    {
        string tree = Tree("tree", DateTime.UtcNow, UnixFileMode.UserRead | UnixFileMode.UserExecute, backwards: true);
        File.SetUnixFileMode(Directory.CreateDirectory(Path.Combine(tree, "tmp")).FullName, (UnixFileMode)Convert.ToInt32("1777", 8));

        var entries = Read(LayerArchive.Create(tree).Compressed);

        Assert.Equal(["bin/", "bin/busybox", "bin/sh", "etc/", "etc/motd", "tmp/"], entries.Select(static entry => entry.Name));
        Assert.All(entries, static entry =>
        {
            Assert.Equal((0, 0, DateTimeOffset.UnixEpoch), (entry.Uid, entry.Gid, entry.ModificationTime));
        });
        Assert.Equal("busybox", entries[2].LinkName);
        Assert.Equal(Convert.ToInt32("755", 8), (int)entries[1].Mode);
        Assert.Equal(Convert.ToInt32("1777", 8), (int)entries[5].Mode);
    }

    [Fact]
    public void A_name_longer_than_a_tar_header_holds_is_kept()
    {
        string name = new string('n', 120) + "/" + new string('m', 120);
        Directory.CreateDirectory(Path.Combine(folder, "long", name[..120]));
        File.WriteAllText(Path.Combine(folder, "long", name), "x");

        var once = LayerArchive.Create(Path.Combine(folder, "long"));

        Assert.Equal(name, Read(once.Compressed)[1].Name);
        Assert.Equal(once.DiffId, LayerArchive.Create(Path.Combine(folder, "long")).DiffId);
    }

    [Fact]
    public async Task A_pipe_is_refused_instead_of_waited_for()
    {
        string tree = Directory.CreateDirectory(Path.Combine(folder, "pipes")).FullName;
        File.WriteAllText(Path.Combine(tree, "empty"), "");
        using var made = Process.Start("mkfifo", [Path.Combine(tree, "pipe")]);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);

        var refusal = Assert.Throws<DwebException>(() => LayerArchive.Create(tree));

        Assert.Contains(Path.Combine(tree, "pipe"), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_is_not_there_is_named() =>
        Assert.Equal(Catalogue.NotFound, Assert.Throws<DwebException>(() => LayerArchive.Create(Path.Combine(folder, "nowhere"))).Error);

    private string Tree(string name, DateTime at, UnixFileMode mode, bool backwards)
    {
        string root = Path.Combine(folder, name);
        string[] files = ["bin/busybox", "etc/motd"];
        foreach (string file in backwards ? files.Reverse() : files)
        {
            string path = Path.Combine(root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "content of " + file);
            File.SetLastWriteTimeUtc(path, at);
            File.SetUnixFileMode(path, file.StartsWith("bin", StringComparison.Ordinal) ? mode | UnixFileMode.UserExecute : mode);
        }

        File.CreateSymbolicLink(Path.Combine(root, "bin", "sh"), "busybox");
        return root;
    }

    private static List<TarEntry> Read(byte[] compressed)
    {
        using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var reader = new TarReader(gzip);
        var entries = new List<TarEntry>();
        while (reader.GetNextEntry() is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }
}
