using Dweb.Cli.Hosting;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Tests.Hosting;

/// <summary>What is asked of systemd, with a systemctl that writes down its words and knows whether the service was started.</summary>
public sealed class SystemdServiceTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("dweb-systemd-").FullName;
    private readonly SystemdService service;

    public SystemdServiceTests()
    {
        string systemctl = Path.Combine(root, "systemctl");
        File.WriteAllText(
            systemctl,
            $"""
            #!/bin/sh
            [ "$1" = is-active ] || [ "$1" = is-enabled ] || echo "$*" >> '{root}/said'
            case "$1" in
              restart) [ ! -e '{root}/refuse' ] || exit 1; touch '{root}/active' ;;
              disable) rm -f '{root}/active'; touch '{root}/disabled' ;;
              is-enabled) if [ -e '{root}/disabled' ]; then echo disabled; exit 1; else echo enabled; fi ;;
              is-active) if [ -e '{root}/active' ]; then echo active; else echo inactive; exit 3; fi ;;
            esac
            """);
        File.SetUnixFileMode(systemctl, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        service = new SystemdService(root, systemctl);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string[] Said => File.Exists(Path.Combine(root, "said")) ? File.ReadAllLines(Path.Combine(root, "said")) : [];

    [Fact]
    public void Without_systemd_as_the_first_process_there_is_none() => Assert.False(service.IsHere);

    [Fact]
    public async Task It_is_installed_once_and_started_again_for_new_settings_only()
    {
        Directory.CreateDirectory(Path.Combine(root, "run/systemd/system"));
        Assert.True(service.IsHere);

        Assert.Equal("done", (await service.InstallAsync("[Unit]\n", restart: true, Stop)).State);
        Assert.Equal("found", (await service.InstallAsync("[Unit]\n", restart: false, Stop)).State);
        Assert.Equal(["daemon-reload", "enable dweb-agent.service", "restart dweb-agent.service"], Said);
        Assert.Equal("done", (await service.InstallAsync("[Unit]\n", restart: true, Stop)).State);
        Assert.Equal("done", (await service.InstallAsync("[Unit]\n# newer\n", restart: false, Stop)).State);
        Assert.Equal(("[Unit]\n# newer\n", "active"), (await File.ReadAllTextAsync(service.UnitFile, Stop), await service.StateAsync(Stop)));
    }

    [Fact]
    public async Task One_that_was_written_and_not_started_is_started()
    {
        await File.WriteAllTextAsync(Path.Combine(root, "refuse"), "", Stop);
        var refusal = await Assert.ThrowsAsync<DwebException>(() => service.InstallAsync("[Unit]\n", restart: true, Stop));
        Assert.Equal(Catalogue.ServiceFailed, refusal.Error);
        File.Delete(Path.Combine(root, "refuse"));

        Assert.Equal("done", (await service.InstallAsync("[Unit]\n", restart: false, Stop)).State);

        Assert.Equal("active", await service.StateAsync(Stop));
    }

    [Fact]
    public async Task The_unit_of_a_package_is_used_as_it_is_and_stays()
    {
        string packaged = Path.Combine(root, "usr/lib/systemd/system", ServiceUnit.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(packaged)!);
        await File.WriteAllTextAsync(packaged, "[Unit]\n", Stop);

        await service.InstallAsync("[Unit]\n", restart: true, Stop);
        Assert.False(File.Exists(service.UnitFile));

        var removed = await service.RemoveAsync(Stop);
        Assert.Equal(("done", true), (removed.State, File.Exists(packaged)));
        Assert.Equal(["disable --now dweb-agent.service", "daemon-reload"], Said[^2..]);
        Assert.Equal("found", (await service.RemoveAsync(Stop)).State);
    }

    [Fact]
    public async Task It_is_removed_and_then_there_is_none()
    {
        await service.InstallAsync("[Unit]\n", restart: true, Stop);

        Assert.Equal("done", (await service.RemoveAsync(Stop)).State);
        Assert.False(File.Exists(service.UnitFile));
        Assert.Equal("found", (await service.RemoveAsync(Stop)).State);
        Assert.Equal("inactive", await service.StateAsync(Stop));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
