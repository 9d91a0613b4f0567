using Dweb.Agent.Machine;
using Dweb.Agent.State;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Secrets;

/// <summary>
/// Where containers find their secrets: a ramfs for each lease that has some. It is memory that the kernel never writes anywhere, not even as swap, and ends
/// with its mount. Every step may happen twice.
/// </summary>
/// <param name="folder">Made by the agent; nobody else may enter it.</param>
internal sealed class SecretFolders(string folder, Func<MountNamespace> view)
{
    private const string FileSystem = "ramfs";

    // Nothing in it is a program or a device. It has no size of its own: a spec bounds what is written to it.
    private const string MountOptions = "nosuid,nodev,noexec,mode=0755";

    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Every process of the container, whoever it runs as: only the image knows its users, and root in it has no more rights than its files give it.
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Listed = OwnersOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Leases that have a folder here, whether it is mounted or not.</summary>
    public IReadOnlyList<Hash32> List() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateDirectories(folder, "0x*").Select(static point => Hash32.TryParse(Path.GetFileName(point), out var lease) ? lease : (Hash32?)null).OfType<Hash32>(),
    ];

    /// <summary>Leases whose secrets a restart of the host has forgotten.</summary>
    public IReadOnlyList<Hash32> ListForgotten()
    {
        var all = List();
        return all.Count == 0 ? [] : [.. all.Where(lease => !IsMounted(PointOf(lease)))];
    }

    /// <summary>Makes an empty one, where there is none.</summary>
    /// <returns>The folder to be mounted into the container. It is in the mounted file system, so that no container can be started without it.</returns>
    /// <exception cref="HostToolException">The host did not do it.</exception>
    public async Task<string> EnsureAsync(Hash32 lease, CancellationToken cancellationToken)
    {
        string point = PointOf(lease);
        if (!IsMounted(point))
        {
            using var step = DurableSteps.Try(DurableStep.SecretsMounted);
            Make(folder, OwnersOnly);
            Make(point, OwnersOnly);
            await view().RunAsync("mount", ["-t", FileSystem, "-o", MountOptions, "dweb-secrets", point], cancellationToken);
        }

        RequireMemory(point);
        Make(FilesOf(lease), Listed);
        return FilesOf(lease);
    }

    /// <summary>Writes them; each file is there as a whole or not at all.</summary>
    /// <exception cref="HostToolException">There is no such folder in memory, or no memory.</exception>
    public void Write(Hash32 lease, OpenedSecrets secrets)
    {
        string point = PointOf(lease);
        RequireMemory(point);
        using var step = DurableSteps.Try(DurableStep.SecretsWritten);
        try
        {
            foreach (var secret in secrets.Files)
            {
                string unfinished = Path.Combine(point, secret.File + AtomicFile.TemporarySuffix);
                using (var file = new FileStream(unfinished, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 }))
                {
                    file.Write(secret.Content.Span);
                }

                Allow(unfinished, Readable);
                File.Move(unfinished, Path.Combine(FilesOf(lease), secret.File), overwrite: true);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new HostToolException("secrets", $"The secrets of lease {lease} cannot be written: {failure.Message}", failure);
        }
    }

    /// <summary>Forgets them and unmounts; what is gone is left alone.</summary>
    /// <exception cref="HostToolException">It is in use.</exception>
    public async Task RemoveAsync(Hash32 lease, CancellationToken cancellationToken)
    {
        string point = PointOf(lease);
        if (!Directory.Exists(point))
        {
            return;
        }

        using var step = DurableSteps.Try(DurableStep.SecretsRemoved);
        if (IsMounted(point))
        {
            // A container that has not ended yet keeps the mount, and nothing in it.
            if (Directory.Exists(FilesOf(lease)))
            {
                Directory.Delete(FilesOf(lease), recursive: true);
            }

            await view().RunAsync("umount", [point], cancellationToken);
        }

        Directory.Delete(point);
    }

    // What is written to a folder that is not mounted would lie on a disk.
    private static void RequireMemory(string point)
    {
        string? found = MountPoints.FindType(File.ReadLines(MountNamespace.Own.MountInfoFile), point);
        if (found != FileSystem)
        {
            throw new HostToolException("secrets", $"'{point}' is {found ?? "not mounted"} and no {FileSystem}: no secret is written to it.");
        }
    }

    private static void Make(string path, UnixFileMode mode)
    {
        Directory.CreateDirectory(path);
        Allow(path, mode);
    }

    private static void Allow(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private bool IsMounted(string point) => MountPoints.Parse(File.ReadLines(view().MountInfoFile)).Contains(point);

    private string FilesOf(Hash32 lease) => Path.Combine(PointOf(lease), "files");

    private string PointOf(Hash32 lease) => Path.Combine(folder, lease.ToString());
}
