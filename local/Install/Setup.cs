using Dweb.Local.Build;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Install;

/// <summary>Makes a checkout ready: names what is missing, installs it, builds contracts and programs.</summary>
internal sealed class Setup(Repository repository, Tool tool, Screen screen)
{
    private readonly DotnetBuild _dotnet = new(repository, tool);
    private readonly Forge _forge = new(repository, tool);

    /// <summary>Does all that is needed before a program of <paramref name="target"/> can run; nothing when nothing changed.</summary>
    /// <param name="target">What to build.</param>
    /// <param name="mayInstall">Whether missing parts may be installed.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="LocalException">Something is missing that may not or cannot be installed, or does not build.</exception>
    public async Task Prepare(BuildTarget target, bool mayInstall, CancellationToken stop)
    {
        var machine = Machine.This();
        var missing = new Preflight(machine, repository, await Engine.Default().Answers(stop), forTests: target == DotnetBuild.Everything).Missing();
        Announce(missing, mayInstall);

        // apt, npm and the compilers wait for different things: together they take as long as the slowest.
        List<Task> work = [];
        var packages = missing.Where(m => m.Origin == Origin.Debian).Select(m => m.Package).ToList();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (packages.Count > 0)
        {
            work.Add(screen.During("installing Debian packages", p => new DebianPackages(tool, machine).Install(packages, p.Say, failed.Token)));
        }

        work.Add(InstallNpmAndBuildContracts(missing.Any(m => m.Origin == Origin.Npm), failed.Token));
        if (!_dotnet.IsCurrent(target))
        {
            work.Add(screen.During("building the programs", p => _dotnet.Build(target, p.Say, failed.Token)));
        }

        await AllOrNone(work, failed);
    }

    /// <summary>Does what a program needs that uses npm's packages and neither contracts, engine nor registry.</summary>
    public async Task PrepareWithoutStack(BuildTarget target, bool mayInstall, CancellationToken stop)
    {
        var missing = new Preflight(Machine.This(), repository, engineAnswers: true).Missing().Where(m => m.Origin != Origin.Debian).ToList();
        Announce(missing, mayInstall);
        await InstallNpm(missing.Any(m => m.Origin == Origin.Npm), stop);
        if (!_dotnet.IsCurrent(target))
        {
            await screen.During("building the programs", p => _dotnet.Build(target, p.Say, stop));
        }
    }

    /// <summary>Does what the contracts need and nothing else.</summary>
    public async Task PrepareContracts(bool mayInstall, CancellationToken stop)
    {
        // The engine and the registry have no part in this: only what the compiler needs is asked for.
        var missing = new Preflight(Machine.This(), repository, engineAnswers: true).Missing().Where(m => m.Origin != Origin.Debian).ToList();
        Announce(missing, mayInstall);
        await InstallNpmAndBuildContracts(missing.Any(m => m.Origin == Origin.Npm), stop);
    }

    /// <summary>Installs what is missing from npm and compiles the contracts when they changed.</summary>
    private async Task InstallNpmAndBuildContracts(bool npmIsMissing, CancellationToken stop)
    {
        await InstallNpm(npmIsMissing, stop);
        if (!_forge.IsCurrent)
        {
            await screen.During("compiling the contracts", p => _forge.Build(p.Say, stop));
        }
    }

    private async Task InstallNpm(bool isMissing, CancellationToken stop)
    {
        if (isMissing)
        {
            await screen.During("installing npm packages", p => new NpmPackages(repository).Install(tool, p.Say, stop));
        }
    }

    private void Announce(IReadOnlyList<Requirement> missing, bool mayInstall)
    {
        screen.Step(missing.Count == 0 ? "Preflight: everything that is needed is here" : "Preflight: these parts are missing");
        foreach (var part in missing)
        {
            var how = part.Origin switch
            {
                Origin.Debian => "Debian package, will be installed by apt-get",
                Origin.Npm => "will be installed by 'npm ci'",
                _ => "must be there before",
            };
            screen.Detail($"{part.Package}: {part.Purpose} ({(mayInstall || part.Origin == Origin.Person ? how : "not installed")})");
        }

        if (missing.Any(m => m.Origin == Origin.Person))
        {
            throw new LocalException(
                $"Missing: {Names(missing.Where(m => m.Origin == Origin.Person))}.",
                "Install it, then start again; it is not installed from here.");
        }

        if (missing.Count > 0 && !mayInstall)
        {
            throw new LocalException($"Missing: {Names(missing)}; and --no-install forbids to install.", "Start again without --no-install, or install these parts first.");
        }
    }

    private static string Names(IEnumerable<Requirement> parts) => string.Join(", ", parts.Select(p => p.Package));

    /// <summary>The first failure ends the others and is the one reported.</summary>
    private static async Task AllOrNone(List<Task> work, CancellationTokenSource others)
    {
        var open = work.ToList();
        while (open.Count > 0)
        {
            var done = await Task.WhenAny(open);
            open.Remove(done);
            if (!done.IsCompletedSuccessfully)
            {
                await others.CancelAsync();
                await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await done;
            }
        }
    }
}
