using Dweb.Local.Processes;

namespace Dweb.Local.Install;

/// <summary>Installs Debian packages without starting a service or asking a question.</summary>
internal sealed class DebianPackages(Tool tool, Machine machine)
{
    private static readonly Dictionary<string, string> Silent = new() { ["DEBIAN_FRONTEND"] = "noninteractive", ["LC_ALL"] = "C" };

    public async Task Install(IReadOnlyList<string> packages, Action<string> heard, CancellationToken stop)
    {
        if (!machine.HasProgram("apt-get"))
        {
            throw new LocalException($"There is no apt-get here to install {string.Join(", ", packages)}.", "Install these parts with the tools of this system, then start again.");
        }

        if (!string.Equals(Environment.UserName, "root", StringComparison.Ordinal))
        {
            throw new LocalException("Installing Debian packages needs root.", $"Run 'apt-get install --no-install-recommends {string.Join(' ', packages)}' as root, then start again.");
        }

        using var guard = new ServiceGuard(machine);
        var known = await Apt(["--simulate", .. InstallVerb, .. packages], heard, stop);
        if (!known.Succeeded)
        {
            Require(await Apt(["update"], heard, stop));
        }

        var installed = await Apt([.. InstallVerb, .. packages], heard, stop);
        if (!installed.Succeeded && known.Succeeded)
        {
            // The lists were there but may be older than the archive.
            Require(await Apt(["update"], heard, stop));
            installed = await Apt([.. InstallVerb, .. packages], heard, stop);
        }

        Require(installed);
    }

    private static IReadOnlyList<string> InstallVerb => ["install", "--yes", "--quiet", "--no-install-recommends"];

    private Task<ToolResult> Apt(IReadOnlyList<string> arguments, Action<string> heard, CancellationToken stop) =>
        tool.Run(new Launch("apt-get", arguments) { Environment = Silent }, heard, stop);

    private static void Require(ToolResult result)
    {
        if (!result.Succeeded)
        {
            throw new LocalException($"apt-get ended with {result.ExitCode}:\n{result.Tail()}", "Check the network and the Debian sources in /etc/apt, then start again.");
        }
    }
}
