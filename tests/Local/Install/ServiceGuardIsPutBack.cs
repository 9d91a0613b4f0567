using Dweb.Local.Install;

namespace Dweb.Local.Tests.Install;

public sealed class ServiceGuardIsPutBack : IDisposable
{
    private const string Policy = "/usr/sbin/policy-rc.d";
    private readonly TemporaryFolder _root = new();

    private Machine Machine => new(_root.Path, "/usr/bin");

    [Fact]
    public void It_forbids_services_while_it_lives_and_leaves_nothing()
    {
        var file = _root.File(Policy, "");
        File.Delete(file);
        using (new ServiceGuard(Machine))
        {
            Assert.Contains("exit 101", File.ReadAllText(file), StringComparison.Ordinal);
            Assert.True(File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute));
        }

        Assert.False(File.Exists(file));
    }

    [Fact]
    public void A_policy_of_the_machine_survives_even_an_installation_that_crashed()
    {
        var file = _root.File(Policy, "#!/bin/sh\nexit 0\n");
        _ = new ServiceGuard(Machine);
        using (new ServiceGuard(Machine))
        {
            Assert.Contains("exit 101", File.ReadAllText(file), StringComparison.Ordinal);
        }

        Assert.Equal("#!/bin/sh\nexit 0\n", File.ReadAllText(file));
    }

    public void Dispose() => _root.Dispose();
}
