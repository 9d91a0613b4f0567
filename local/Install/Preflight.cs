using System.Runtime.InteropServices;
using Dweb.Local.Layout;

namespace Dweb.Local.Install;

/// <summary>Finds out in milliseconds what is missing, before anything takes minutes.</summary>
/// <param name="forTests">With what only tests need.</param>
internal sealed class Preflight(Machine machine, Repository repository, bool engineAnswers, bool forTests = false)
{
    /// <summary>What is missing, in the order in which it is installed.</summary>
    public IReadOnlyList<Requirement> Missing() => [.. Needed().Where(n => !n.Present).Select(n => n.Requirement)];

    private IEnumerable<(Requirement Requirement, bool Present)> Needed()
    {
        yield return (new("linux-x64", "the pinned chain tools are built for it", Origin.Person),
            OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64);
        yield return (new("nodejs", "runs the storage emulator and the Solidity compiler (Node 20 or later)", Origin.Person), machine.HasProgram("node"));
        yield return (new("npm", "comes with Node", Origin.Person), machine.HasProgram("npm"));
        yield return (new("docker.io", "container engine and client", Origin.Debian),
            machine.HasProgram("docker") && (engineAnswers || machine.HasProgram("dockerd")));
        yield return (new("docker-registry", "image registry", Origin.Debian), machine.HasProgram("docker-registry"));
        yield return (new("nftables", "keeps containers from each other and from this machine", Origin.Debian), machine.HasProgram("nft"));
        yield return (new("iproute2", "holds containers to their bandwidth", Origin.Debian), machine.HasProgram("tc"));
        yield return (new("e2fsprogs", "makes volumes of fixed size", Origin.Debian), machine.HasProgram("mkfs.ext4"));
        yield return (new("git", "source digests of code releases", Origin.Debian), machine.HasProgram("git"));
        yield return (new("busybox-static", "the demo image's only program", Origin.Debian), machine.HasStaticProgram("/bin/busybox"));
        if (forTests)
        {
            yield return (new("faketime", "sets the clocks of programs under test", Origin.Debian), machine.HasProgram("faketime"));
            yield return (new("systemd", "judges the agent's unit", Origin.Debian), machine.HasProgram("systemd-analyze"));
            yield return (new("podman", "another engine under the agent", Origin.Debian), machine.HasProgram("podman"));
            yield return (new("conmon", "watches Podman's containers", Origin.Debian), machine.HasProgram("conmon"));
            yield return (new("runc", "starts Podman's containers", Origin.Debian), machine.HasProgram("runc"));
            yield return (new("netavark", "makes Podman's networks", Origin.Debian), File.Exists(machine.At("/usr/lib/podman/netavark")));
        }

        yield return (new("npm packages", "storage emulator, local chain, Solidity tools (pinned; about 560 MB in .dweb/npm)", Origin.Npm),
            new NpmPackages(repository).AreCurrent());
    }
}
