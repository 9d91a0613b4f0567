using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Hosting;

/// <summary>The agent as a service of systemd. Each change may be made again.</summary>
/// <param name="root">Of the files; <c>/</c> but for tests.</param>
/// <param name="systemctl">The program to ask.</param>
internal sealed class SystemdService(string root = "/", string systemctl = "systemctl")
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Whether systemd runs this machine (sd_booted(3)).</summary>
    public bool IsHere => Directory.Exists(At("run/systemd/system"));

    /// <summary>Where an administrator's units are; one here is preferred to a package's.</summary>
    public string UnitFile => At("etc/systemd/system/" + ServiceUnit.Name);

    /// <summary>Of a package; null where there is none.</summary>
    public string? PackagedUnit => ((string[])["usr/lib/systemd/system/", "lib/systemd/system/"]).Select(folder => At(folder + ServiceUnit.Name)).FirstOrDefault(File.Exists);

    /// <summary>Writes the unit where the package's is another one, enables it and starts it.</summary>
    /// <param name="restart">Whether an agent that runs takes up new settings.</param>
    /// <exception cref="DwebException">systemd refuses, or the agent does not say that it is ready.</exception>
    public async Task<HostStep> InstallAsync(string unit, bool restart, CancellationToken cancellationToken)
    {
        bool written = Write(unit);
        bool runs = await StateAsync(cancellationToken) == "active";
        if (!written && runs && !restart)
        {
            return HostStep.Found("service", $"{ServiceUnit.Name} is active");
        }

        await RequireAsync(cancellationToken, "daemon-reload");
        await RequireAsync(cancellationToken, "enable", ServiceUnit.Name);
        await RequireAsync(cancellationToken, "restart", ServiceUnit.Name);
        return HostStep.Done("service", $"{ServiceUnit.Name} is enabled and has started; 'journalctl -u dweb-agent' has its log");
    }

    /// <returns>As systemd says it: active, activating, failed, inactive …</returns>
    public async Task<string> StateAsync(CancellationToken cancellationToken) =>
        (await HostProgram.RunAsync(systemctl, ["is-active", ServiceUnit.Name], cancellationToken)).Text;

    /// <summary>Stops the agent and takes out the unit; one of a package stays, disabled.</summary>
    /// <exception cref="DwebException">systemd refuses.</exception>
    public async Task<HostStep> RemoveAsync(CancellationToken cancellationToken)
    {
        bool own = File.Exists(UnitFile);
        if (!own && PackagedUnit is null)
        {
            return HostStep.Found("service", $"there is no {ServiceUnit.Name}");
        }

        if (!own && await IsIdleAsync(cancellationToken))
        {
            return HostStep.Found("service", "disabled; 'apt-get purge dweb' removes the programs");
        }

        await RequireAsync(cancellationToken, "disable", "--now", ServiceUnit.Name);
        if (own)
        {
            File.Delete(UnitFile);
        }

        await RequireAsync(cancellationToken, "daemon-reload");
        return HostStep.Done("service", own ? $"stopped, and {UnitFile} is removed" : "stopped and disabled; 'apt-get purge dweb' removes the programs");
    }

    private async Task<bool> IsIdleAsync(CancellationToken cancellationToken) =>
        (await HostProgram.RunAsync(systemctl, ["is-enabled", ServiceUnit.Name], cancellationToken)).Text == "disabled" && await StateAsync(cancellationToken) == "inactive";

    private bool Write(string unit)
    {
        string? inForce = File.Exists(UnitFile) ? UnitFile : PackagedUnit;
        if (inForce is not null && File.ReadAllText(inForce) == unit)
        {
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(UnitFile)!);
        string draft = UnitFile + ".new";
        File.WriteAllText(draft, unit);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(draft, Readable);
        }

        File.Move(draft, UnitFile, overwrite: true);
        return true;
    }

    private async Task RequireAsync(CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
    {
        var result = await HostProgram.RunAsync(systemctl, arguments, cancellationToken);
        if (result.Code != 0)
        {
            throw new DwebException(Catalogue.ServiceFailed, $"'systemctl {string.Join(' ', arguments)}' ended with {result.Code}: {result.Text}");
        }
    }

    private string At(string path) => Path.Combine(root, path);
}
