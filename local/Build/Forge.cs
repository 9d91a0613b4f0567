using Dweb.Local.Layout;
using Dweb.Local.Processes;

namespace Dweb.Local.Build;

/// <summary>The contracts' own tool, with the compiler and libraries that npm installed.</summary>
internal sealed class Forge(Repository repository, Tool tool)
{
    private const string Advice = "Correct the contracts, then start again; 'dweb contracts build' shows the same.";

    public bool IsCurrent => Stamp.Matches(Inputs) && Directory.Exists(Path.Combine(repository.Contracts, "out"));

    private Stamp Stamp => new(Path.Combine(repository.Generated, "build"), "contracts");

    private string Inputs => Fingerprint.Of(repository.Root, "contracts", Path.Combine("local", "npm"));

    /// <summary>A run of forge in the contracts' folder.</summary>
    public Launch Launch(params IReadOnlyList<string> arguments) => new(repository.NpmBinary("forge"), arguments)
    {
        Folder = repository.Contracts,
        Environment = new Dictionary<string, string>
        {
            ["DWEB_NPM"] = repository.NodeModules,
            ["FOUNDRY_DISABLE_NIGHTLY_WARNING"] = "1",
            ["NO_COLOR"] = "1",
        },
    };

    /// <summary>A run that lets others go first: it is a matter of the processor alone, where what runs beside it has agents that must be heard in time.</summary>
    public Launch InBackground(params IReadOnlyList<string> arguments)
    {
        var launch = Launch(arguments);
        return launch with { FileName = "nice", Arguments = ["-n", "10", launch.FileName, .. launch.Arguments] };
    }

    /// <exception cref="LocalException">The contracts do not compile; the message holds the compiler's errors.</exception>
    public async Task Build(Action<string> heard, CancellationToken stop)
    {
        var inputs = Inputs;
        Stamp.Clear();
        // Tests are compiled when they are run: the compiler takes longer for them than for the contracts.
        var result = await tool.Run(Launch("build", "src", "script"), heard, stop);
        if (!result.Succeeded)
        {
            throw new LocalException($"The contracts do not build:\n{result.Tail(40)}", Advice);
        }

        Stamp.Write(inputs);
    }
}
