using System.Security.Cryptography;
using Dweb.Local.Layout;
using Dweb.Local.Package;
using Dweb.Local.Processes;

namespace Dweb.Local.Tests.Package;

/// <summary>The packages of these sources, made once.</summary>
public sealed class BuiltPackages : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal Tool Tool { get; } = new(new Spawner());

    internal HostPackage Package { get; private set; } = null!;

    internal PackageFiles Made { get; private set; } = null!;

    public string Programs { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Package = new HostPackage(Repository.Find(named: null, AppContext.BaseDirectory), Tool);
        Programs = await Package.Publish(At("work"), static _ => { }, TestContext.Current.CancellationToken);
        Made = await Package.Pack(Programs, At("work"), At("first"), TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    public string At(string name) => Path.Combine(_folder.Path, name);
}

/// <summary>The packages of a host, installed by dpkg into a root of their own, whose scripts are told so by DPKG_ROOT.</summary>
[Trait("Category", "Integration")]
public sealed class PackagesLeaveNothing(BuiltPackages built) : IClassFixture<BuiltPackages>
{
    private string Root => built.At("root");

    [Fact]
    public async Task A_host_installs_runs_removes_and_purges_it_and_nothing_is_left()
    {
        Directory.CreateDirectory(Path.Combine(Root, "var", "lib", "dpkg", "updates"));
        Directory.CreateDirectory(Path.Combine(Root, "var", "lib", "dpkg", "info"));
        await File.WriteAllTextAsync(Path.Combine(Root, "var", "lib", "dpkg", "status"), "", TestContext.Current.CancellationToken);

        await Dpkg("--install", built.Made.Debian);
        Assert.Contains("usage: dweb-agent", await Run("usr/bin/dweb-agent", "--help"), StringComparison.Ordinal);
        Assert.Contains("--bandwidth-peer", await Run("usr/bin/dweb", "coe", "join", "--help"), StringComparison.Ordinal);
        Assert.Contains("ExecStart=/usr/lib/dweb/dweb-agent", await File.ReadAllTextAsync(Installed("usr/lib/systemd/system/dweb-agent.service"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        foreach (var folder in (string[])["etc/dweb", "var/lib/dweb"])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Installed(folder)));
        }

        // What a host wrote outlives the programs, and goes with a purge.
        await File.WriteAllTextAsync(Installed("etc/dweb/agent.json"), "{}", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(Installed("etc/default/dweb-agent"), "# a host's own line\n", TestContext.Current.CancellationToken);
        await Dpkg("--remove", "dweb");
        Assert.Equal(["etc/default/dweb-agent", "etc/dweb/agent.json"], Files());

        await Dpkg("--purge", "dweb");
        Assert.Empty(Left());
    }

    [Fact]
    public async Task The_same_programs_are_packed_to_the_same_bytes_elsewhere_and_later()
    {
        var again = await built.Package.Pack(built.Programs, built.At("other work"), built.At("second"), TestContext.Current.CancellationToken);

        Assert.Equal((Hash(built.Made.Debian), Hash(built.Made.Tarball)), (Hash(again.Debian), Hash(again.Tarball)));
    }

    [Fact]
    public async Task The_tarball_runs_where_it_is_unpacked()
    {
        var opt = built.At("opt");
        Directory.CreateDirectory(opt);
        await built.Tool.Require(new Launch("tar", "-C", opt, "-xzf", built.Made.Tarball), "tar", TestContext.Current.CancellationToken);
        var unpacked = Directory.EnumerateDirectories(opt).Single();

        var help = await built.Tool.Run(new Launch(Path.Combine(unpacked, "usr/bin/dweb-agent"), "--help"), heard: null, TestContext.Current.CancellationToken);

        Assert.Contains("usage: dweb-agent", help.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(unpacked, "DEBIAN")));
    }

    private string Installed(string path) => Path.Combine(Root, path);

    /// <summary>Dependencies are of another root, which has none.</summary>
    private Task<string> Dpkg(params string[] arguments) => built.Tool.Require(
        new Launch("dpkg", [$"--root={Root}", $"--log={built.At("dpkg.log")}", "--force-script-chrootless", "--force-depends", .. arguments])
        {
            Environment = new Dictionary<string, string> { ["LC_ALL"] = "C", ["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin" },
        },
        "dpkg", TestContext.Current.CancellationToken);

    private async Task<string> Run(string program, params string[] arguments)
    {
        // No .NET of this machine is used: none is found where this points to.
        var nowhere = built.At("nowhere");
        var result = await built.Tool.Run(
            new Launch(Installed(program), arguments) { Environment = new Dictionary<string, string> { ["DOTNET_ROOT"] = nowhere, ["DWEB_HOME"] = nowhere } },
            heard: null, TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.Errors);
        return result.Output;
    }

    private string[] Files() => [.. Left().Where(path => File.Exists(Installed(path))).Order(StringComparer.Ordinal)];

    /// <summary>All but dpkg's own folder, and the folders above it.</summary>
    private IEnumerable<string> Left() => Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path))
        .Where(static path => !path.StartsWith("var/lib/dpkg", StringComparison.Ordinal) && path is not ("var" or "var/lib"));

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
