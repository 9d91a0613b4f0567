using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.State;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Volumes;

/// <summary>
/// Disk of fixed size: one file for each lease that has volumes, as large as the storage that the chain reserves for it, with a file system in it. What a
/// container writes ends there, and the host has the room from the beginning. Every step may happen twice.
/// </summary>
/// <param name="folder">Made by the agent.</param>
internal sealed partial class LeaseVolumes(string folder, Func<MountNamespace> view, ILogger<LeaseVolumes> log)
{
    private const string Extension = ".ext4";
    private const long Mebibyte = 1024 * 1024;

    // Nothing in it is a program of the host with other rights, or a device.
    private const string MountOptions = "loop,nosuid,nodev";

    /// <summary>Leases that have a file here.</summary>
    public IReadOnlyList<Hash32> List() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, "0x*" + Extension).Select(static file => Hash32.TryParse(Path.GetFileNameWithoutExtension(file), out var lease) ? lease : (Hash32?)null)
            .OfType<Hash32>(),
    ];

    /// <summary>Makes what is not there and mounts it.</summary>
    /// <param name="size">MiB.</param>
    /// <returns>What the container is to have mounted, a folder for each volume; nothing for no volume.</returns>
    /// <exception cref="HostToolException">The disk is full, or the host did not do it.</exception>
    public async Task<IReadOnlyList<MountPlan>> EnsureAsync(Hash32 lease, ulong size, IReadOnlyList<VolumeSpec> volumes, CancellationToken cancellationToken)
    {
        if (volumes.Count == 0)
        {
            return [];
        }

        await MakeAsync(lease, size, cancellationToken);
        await MountAsync(lease, cancellationToken);
        return [.. volumes.Select(volume => new MountPlan(FolderOf(lease, volume), volume.Path))];
    }

    /// <summary>Mounts what a restart of the host has unmounted. One that cannot be mounted is told of, and tried again when its lease is launched.</summary>
    /// <returns>Leases whose file was not mounted and is.</returns>
    public async Task<IReadOnlyList<Hash32>> RestoreAsync(CancellationToken cancellationToken)
    {
        var restored = new List<Hash32>();
        foreach (var lease in List())
        {
            try
            {
                if (await MountAsync(lease, cancellationToken))
                {
                    restored.Add(lease);
                }
            }
            catch (HostToolException failure)
            {
                Unmounted(lease, failure.Message);
            }
        }

        return restored;
    }

    /// <returns>Bytes of files; 0 for a lease without volumes.</returns>
    public ulong Measure(Hash32 lease)
    {
        string point = PointOf(lease);
        if (!Directory.Exists(point) || !MountPoints.Parse(File.ReadLines(MountNamespace.Own.MountInfoFile)).Contains(point))
        {
            return 0;
        }

        var drive = new DriveInfo(point);
        return (ulong)(drive.TotalSize - drive.TotalFreeSpace);
    }

    /// <summary>Unmounts and deletes it; what is gone is left alone.</summary>
    /// <exception cref="HostToolException">It is in use.</exception>
    public async Task RemoveAsync(Hash32 lease, CancellationToken cancellationToken)
    {
        string point = PointOf(lease);
        if (!File.Exists(FileOf(lease)) && !File.Exists(UnfinishedOf(lease)) && !Directory.Exists(point))
        {
            return;
        }

        using var step = DurableSteps.Try(DurableStep.VolumeRemoved);
        if (Directory.Exists(point))
        {
            if (IsMounted(point))
            {
                await view().RunAsync("umount", [point], cancellationToken);
            }

            Directory.Delete(point);
        }

        // The file last: without it nobody would look for the rest.
        File.Delete(UnfinishedOf(lease));
        File.Delete(FileOf(lease));
    }

    private async Task MakeAsync(Hash32 lease, ulong size, CancellationToken cancellationToken)
    {
        string file = FileOf(lease);
        if (File.Exists(file))
        {
            return;
        }

        using var step = DurableSteps.Try(DurableStep.VolumeMade);
        string unfinished = UnfinishedOf(lease);
        try
        {
            Directory.CreateDirectory(folder);
            File.Delete(unfinished);
            long bytes = checked((long)size * Mebibyte);
            await using var made = new FileStream(unfinished, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = bytes });
            made.SetLength(bytes);
            if (!OperatingSystem.IsWindows())
            {
                // What users keep is nobody else's on this machine.
                File.SetUnixFileMode(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new HostToolException("disk", $"There is no room for {size} MiB in '{folder}': {failure.Message}", failure);
        }

        // Without discarding, which would give the room back to the host.
        await HostTool.RunAsync(
            "mkfs.ext4", ["-q", "-F", "-m", "0", "-E", "nodiscard,lazy_itable_init=1,lazy_journal_init=1,root_owner=0:0", unfinished], null, cancellationToken);
        File.Move(unfinished, file);
    }

    /// <returns>False where it was mounted.</returns>
    private async Task<bool> MountAsync(Hash32 lease, CancellationToken cancellationToken)
    {
        string point = PointOf(lease);
        if (IsMounted(point))
        {
            return false;
        }

        using var step = DurableSteps.Try(DurableStep.VolumeMounted);
        Directory.CreateDirectory(point);
        await view().RunAsync("mount", ["-o", MountOptions, FileOf(lease), point], cancellationToken);
        return true;
    }

    // Made in the mounted file system, so that a container cannot be started while it is not mounted.
    private string FolderOf(Hash32 lease, VolumeSpec volume) => Directory.CreateDirectory(Path.Combine(PointOf(lease), VolumeFolders.NameOf(volume))).FullName;

    private bool IsMounted(string point) => MountPoints.Parse(File.ReadLines(view().MountInfoFile)).Contains(point);

    [LoggerMessage(400, LogLevel.Error, "The volumes of lease {LeaseId} cannot be mounted: {Reason}")]
    private partial void Unmounted(Hash32 leaseId, string reason);

    private string FileOf(Hash32 lease) => Path.Combine(folder, lease + Extension);

    private string UnfinishedOf(Hash32 lease) => FileOf(lease) + AtomicFile.TemporarySuffix;

    private string PointOf(Hash32 lease) => Path.Combine(folder, lease.ToString());
}
