namespace Dweb.Local.Install;

/// <summary>
/// While it lives, package scripts may not start services: Debian asks <c>/usr/sbin/policy-rc.d</c> first, and 101 forbids.
/// What was there before is put back.
/// </summary>
internal sealed class ServiceGuard : IDisposable
{
    private const string Refusal = "#!/bin/sh\n# Set by the dweb installer while it installs; removed afterwards.\nexit 101\n";
    private readonly string _file;
    private readonly string _kept;

    public ServiceGuard(Machine machine)
    {
        _file = machine.At("/usr/sbin/policy-rc.d");
        _kept = _file + ".before-dweb";
        if (File.Exists(_file) && File.ReadAllText(_file) != Refusal)
        {
            File.Move(_file, _kept, overwrite: true);
        }

        File.WriteAllText(_file, Refusal);
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }

    public void Dispose()
    {
        File.Delete(_file);
        if (File.Exists(_kept))
        {
            File.Move(_kept, _file);
        }
    }
}
