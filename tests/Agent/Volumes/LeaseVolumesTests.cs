using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Agent.Volumes;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Volumes;

/// <summary>Real files, file systems and mounts: needs root, and loop devices.</summary>
[Trait("Category", "Integration")]
public sealed class LeaseVolumesTests : IAsyncLifetime
{
    private const ulong Size = 16;

    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder folder = new();
    private readonly LinesLogger<LeaseVolumes> log = new();
    private readonly Hash32 lease = Keccak256.Hash("lease");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        var volumes = Open();
        foreach (var kept in volumes.List())
        {
            await volumes.RemoveAsync(kept, CancellationToken.None);
        }

        folder.Dispose();
    }

    [Fact]
    public async Task A_volume_takes_what_was_reserved_and_not_a_byte_more()
    {
        var mount = Assert.Single(await Open().EnsureAsync(lease, Size, [new VolumeSpec("/data")], cancel));
        Assert.Equal("/data", mount.Target);
        string file = Path.Combine(mount.Source, "fill");
        long written = 0;
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            byte[] block = new byte[65_536];
            while (true)
            {
                await stream.WriteAsync(block, cancel);
                stream.Flush(flushToDisk: true);
                written += block.Length;
            }
        });
        Assert.InRange(written, (long)(Size * 1024 * 1024 / 2), (long)(Size * 1024 * 1024));
        Assert.InRange((long)Open().Measure(lease), written, (long)(Size * 1024 * 1024));
    }

    [Fact]
    public async Task The_host_has_the_room_from_the_beginning()
    {
        await Open().EnsureAsync(lease, Size, [new VolumeSpec("/data")], cancel);
        string blocks = await HostTool.RunAsync("stat", ["--format", "%b %B", Path.Combine(folder.Path, "volumes", lease + ".ext4")], null, cancel);
        long[] numbers = [.. blocks.Split(' ').Select(static word => long.Parse(word, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.InRange(numbers[0] * numbers[1], (long)(Size * 1024 * 1024), (long)(Size * 1024 * 1024 * 2));
    }

    [Fact]
    public async Task What_was_written_is_there_after_the_host_was_restarted()
    {
        var mounts = await Open().EnsureAsync(lease, Size, [new VolumeSpec("/data"), new VolumeSpec("/copy") { Name = "shared" }, new VolumeSpec("/other") { Name = "shared" }], cancel);
        Assert.Equal(2, mounts.Select(static mount => mount.Source).Distinct().Count());
        await File.WriteAllTextAsync(Path.Combine(mounts[0].Source, "note"), "kept", cancel);
        Assert.Empty(await Open().RestoreAsync(cancel));
        await HostTool.RunAsync("umount", [Path.Combine(folder.Path, "volumes", lease.ToString())], null, cancel);
        Assert.False(Directory.Exists(mounts[0].Source));
        Assert.Equal([lease], await Open().RestoreAsync(cancel));
        Assert.Equal("kept", await File.ReadAllTextAsync(Path.Combine(mounts[0].Source, "note"), cancel));
    }

    [Fact]
    public async Task One_that_is_broken_keeps_no_other_from_being_mounted()
    {
        var other = Keccak256.Hash("other lease");
        await Open().EnsureAsync(other, Size, [new VolumeSpec("/data")], cancel);
        await HostTool.RunAsync("umount", [Path.Combine(folder.Path, "volumes", other.ToString())], null, cancel);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "volumes", lease + ".ext4"), "no file system", cancel);
        Assert.Equal([other], await Open().RestoreAsync(cancel));
        Assert.Contains(lease.ToString(), Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_died_while_it_made_one_makes_it_anew()
    {
        string unfinished = Path.Combine(Directory.CreateDirectory(Path.Combine(folder.Path, "volumes")).FullName, lease + ".ext4.new");
        await File.WriteAllTextAsync(unfinished, "half", cancel);
        Assert.Empty(Open().List());
        Assert.Single(await Open().EnsureAsync(lease, Size, [new VolumeSpec("/data")], cancel));
        Assert.False(File.Exists(unfinished));
    }

    [Fact]
    public async Task Removing_leaves_no_file_no_mount_and_no_loop_device_and_may_happen_twice()
    {
        var volumes = Open();
        await volumes.EnsureAsync(lease, Size, [new VolumeSpec("/data")], cancel);
        Assert.Equal([lease], volumes.List());
        await volumes.RemoveAsync(lease, cancel);
        await volumes.RemoveAsync(lease, cancel);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder.Path, "volumes")));
        Assert.DoesNotContain(lease.ToString(), await File.ReadAllTextAsync("/proc/self/mountinfo", cancel), StringComparison.Ordinal);
        Assert.DoesNotContain(lease.ToString(), await HostTool.RunAsync("losetup", ["--list", "--noheadings", "--output", "BACK-FILE"], null, cancel), StringComparison.Ordinal);
        Assert.Equal(0UL, volumes.Measure(lease));
    }

    [Fact]
    public async Task One_of_which_an_agent_left_half_when_it_died_is_removed_too()
    {
        var volumes = Open();
        string kept = Path.Combine(folder.Path, "volumes");
        await volumes.EnsureAsync(lease, Size, [new VolumeSpec("/data")], cancel);
        await HostTool.RunAsync("umount", [Path.Combine(kept, lease.ToString())], null, cancel);
        Directory.Delete(Path.Combine(kept, lease.ToString()));
        await File.WriteAllTextAsync(Path.Combine(kept, lease + ".ext4.new"), "half", cancel);
        await volumes.RemoveAsync(lease, cancel);
        Assert.Empty(Directory.EnumerateFileSystemEntries(kept));

        await File.WriteAllTextAsync(Path.Combine(kept, lease + ".ext4.new"), "half", cancel);
        await volumes.RemoveAsync(lease, cancel);
        Assert.Empty(Directory.EnumerateFileSystemEntries(kept));
    }

    [Fact]
    public async Task A_full_disk_is_told_and_leaves_nothing()
    {
        var failure = await Assert.ThrowsAsync<HostToolException>(() => Open().EnsureAsync(lease, 1UL << 30, [new VolumeSpec("/data")], cancel));
        Assert.Contains("no room", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Open().List());
    }

    [Fact]
    public void Volumes_that_only_the_image_knows_are_the_lease_s_too()
    {
        var spec = Given.Spec() with { Volumes = [new VolumeSpec("/data") { Name = "d" }], Tmpfs = ["/spool"] };
        var all = VolumeFolders.Of(spec, new ImageFacts(["/var/lib/db", "/data", "/spool", "/tmp", "/proc/x"]));
        Assert.Equal([new VolumeSpec("/data") { Name = "d" }, new VolumeSpec("/var/lib/db")], all);
    }

    private LeaseVolumes Open() => new(Path.Combine(folder.Path, "volumes"), static () => MountNamespace.Own, log);
}
