using System.Runtime.Versioning;
using Dweb.Agent.Machine;
using Dweb.Agent.Secrets;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Tests.Secrets;

/// <summary>Real mounts: needs root.</summary>
[SupportedOSPlatform("linux")]
[Trait("Category", "Integration")]
public sealed class SecretFoldersTests : IAsyncLifetime
{
    private readonly CancellationToken cancel = TestContext.Current.CancellationToken;
    private readonly TemporaryFolder home = new();
    private readonly Hash32 lease = Keccak256.Hash("lease");

    private string Point => Path.Combine(home.Path, "secrets", lease.ToString());

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Open().RemoveAsync(lease, CancellationToken.None);
        home.Dispose();
    }

    [Fact]
    public async Task Files_are_in_memory_that_is_never_swapped_and_readable_for_whoever_is_let_in()
    {
        var folders = Open();
        string files = await folders.EnsureAsync(lease, cancel);
        folders.Write(lease, Secrets());
        Assert.Equal("ramfs", MountPoints.FindType(File.ReadLines("/proc/self/mountinfo"), Point));
        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(files, "a"), cancel));
        Assert.Equal("", await File.ReadAllTextAsync(Path.Combine(files, "b"), cancel));
        Assert.Equal((UnixFileMode)0b100_100_100, File.GetUnixFileMode(Path.Combine(files, "a")));
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(files));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(Path.Combine(home.Path, "secrets")));
        Assert.Equal([files], Directory.EnumerateFileSystemEntries(Point));
    }

    [Fact]
    public async Task Every_step_may_happen_twice()
    {
        var folders = Open();
        Assert.Equal(await folders.EnsureAsync(lease, cancel), await Open().EnsureAsync(lease, cancel));
        folders.Write(lease, Secrets());
        Open().Write(lease, Secrets());
        Assert.Single(File.ReadLines("/proc/self/mountinfo"), line => line.Contains(lease.ToString(), StringComparison.Ordinal));
        Assert.Equal([lease], folders.List());
        Assert.Empty(folders.ListForgotten());
        await folders.RemoveAsync(lease, cancel);
        await Open().RemoveAsync(lease, cancel);
        Assert.Empty(folders.List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(home.Path, "secrets")));
        Assert.DoesNotContain(lease.ToString(), await File.ReadAllTextAsync("/proc/self/mountinfo", cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_where_no_memory_is_mounted()
    {
        var folders = Open();
        string files = await folders.EnsureAsync(lease, cancel);
        folders.Write(lease, Secrets());
        await HostTool.RunAsync("umount", [Point], null, cancel);
        Assert.False(Directory.Exists(files));
        Assert.Equal([lease], folders.ListForgotten());
        Assert.Contains("not mounted", Assert.Throws<HostToolException>(() => folders.Write(lease, Secrets())).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Point));
        await HostTool.RunAsync("mount", ["-t", "tmpfs", "other", Point], null, cancel);
        Assert.Contains("is tmpfs and no ramfs", Assert.Throws<HostToolException>(() => folders.Write(lease, Secrets())).Message, StringComparison.Ordinal);
    }

    private static OpenedSecrets Secrets()
    {
        byte[] plaintext = "one"u8.ToArray();
        return new OpenedSecrets([new OpenedSecret("a", plaintext), new OpenedSecret("b", ReadOnlyMemory<byte>.Empty)], plaintext);
    }

    private SecretFolders Open() => new(Path.Combine(home.Path, "secrets"), static () => MountNamespace.Own);
}
