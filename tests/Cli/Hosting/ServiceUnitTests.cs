using Dweb.Cli.Hosting;

namespace Dweb.Cli.Tests.Hosting;

/// <summary>The unit with a host's paths in it, looked at by systemd's own tools.</summary>
public sealed class ServiceUnitTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dweb-unit-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Usual_paths_leave_the_unit_as_the_package_has_it() => Assert.Equal(
        File.ReadAllText(Path.Combine(Integration.Places.Repository(), "infra", "systemd", "dweb-agent.service")),
        ServiceUnit.Render("/usr/lib/dweb/dweb-agent", new HostFiles(HostFiles.UsualConfigFolder, HostFiles.UsualDataFolder)));

    [Fact]
    public void Other_paths_are_quoted_and_their_data_may_be_written()
    {
        string unit = ServiceUnit.Render("/opt/my agent/dweb-agent", new HostFiles("/srv/50% off/etc", "/srv/data \"1\""));

        Assert.Contains("""ExecStart="/opt/my agent/dweb-agent" --config "/srv/50%% off/etc/agent.json" """.TrimEnd(), unit, StringComparison.Ordinal);
        Assert.Contains("ReadWritePaths=\"/srv/data \\\"1\\\"\"\n", unit, StringComparison.Ordinal);
        Assert.DoesNotContain("StateDirectory=", unit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/home/host/agent", "/home")]
    [InlineData("/tmp/agent", "/tmp")]
    [InlineData("/homes/agent", null)]
    [InlineData("/srv/agent", null)]
    public void Folders_that_the_unit_hides_are_known(string path, string? hidden) => Assert.Equal(hidden, ServiceUnit.HiddenBy(path));

    [Fact]
    [Trait("Category", "Integration")]
    public async Task Systemd_understands_it_and_finds_it_hardened()
    {
        string unit = Path.Combine(folder, ServiceUnit.Name);
        await File.WriteAllTextAsync(unit, ServiceUnit.Render("/bin/true", new HostFiles("/etc/dweb", "/srv/dweb data")), Stop);

        var understood = await HostProgram.RunAsync("systemd-analyze", ["verify", "--man=no", unit], Stop);
        var hardened = await HostProgram.RunAsync("systemd-analyze", ["security", "--offline=true", "--threshold=50", "--no-pager", unit], Stop);

        Assert.True(understood.Code == 0, understood.Text);
        Assert.DoesNotContain(ServiceUnit.Name, understood.Text, StringComparison.Ordinal);
        Assert.True(hardened.Code == 0, hardened.Text);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
