using Dweb.Local.Install;
using Dweb.Local.Layout;

namespace Dweb.Local.Tests.Install;

public sealed class PreflightFindsWhatIsMissing : IDisposable
{
    private readonly TemporaryFolder _root = new();

    [Fact]
    public void An_empty_machine_misses_every_part_and_each_has_a_purpose()
    {
        var missing = Look(engineAnswers: false);
        Assert.Equal(["nodejs", "npm", "docker.io", "docker-registry", "nftables", "iproute2", "e2fsprogs", "git", "busybox-static", "npm packages"], missing.Select(m => m.Package));
        Assert.All(missing, m => Assert.NotEmpty(m.Purpose));
    }

    [Theory]
    [InlineData("faketime")]
    [InlineData("systemd")]
    [InlineData("podman")]
    [InlineData("netavark")]
    public void Only_tests_set_clocks_judge_units_and_have_a_second_engine(string package)
    {
        Assert.DoesNotContain(Look(engineAnswers: true), m => m.Package == package);
        Assert.Contains(Look(engineAnswers: true, forTests: true), m => m.Package == package);
    }

    [Fact]
    public void A_client_is_enough_when_an_engine_answers()
    {
        _root.File("/usr/bin/docker", "");
        Assert.DoesNotContain(Look(engineAnswers: true), m => m.Package == "docker.io");
        Assert.Contains(Look(engineAnswers: false), m => m.Package == "docker.io");
    }

    [Fact]
    public void A_shell_script_or_a_linked_busybox_is_not_static()
    {
        _root.File("/bin/busybox", "#!/bin/sh\n");
        Assert.Contains(Look(engineAnswers: true), m => m.Package == "busybox-static");
        File.Copy("/bin/ls", Path.Combine(_root.Path, "bin/busybox"), overwrite: true);
        Assert.Contains(Look(engineAnswers: true), m => m.Package == "busybox-static");
    }

    [Fact]
    public void Npm_packages_are_missing_again_when_the_lock_file_changed()
    {
        _root.File("local/npm/package.json", "{}");
        _root.File("local/npm/package-lock.json", "{}");
        var packages = new NpmPackages(new Repository(_root.Path));
        Assert.False(packages.AreCurrent());
    }

    public void Dispose() => _root.Dispose();

    private IReadOnlyList<Requirement> Look(bool engineAnswers, bool forTests = false)
    {
        _root.File("local/npm/package.json", "{}");
        _root.File("local/npm/package-lock.json", "{}");
        return new Preflight(new Machine(_root.Path, "/usr/bin:/bin"), new Repository(_root.Path), engineAnswers, forTests).Missing();
    }
}
