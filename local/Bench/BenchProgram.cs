using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Terminal;

namespace Dweb.Local.Bench;

/// <summary>Runs the program that measures without a stack; it prints its own tables.</summary>
internal sealed class BenchProgram(Repository repository, Tool tool, Screen screen)
{
    /// <param name="arguments">What to measure, and of how many.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="LocalException">A measurement failed.</exception>
    public async Task Run(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var program = Path.Combine(repository.Root, "tests", "Benchmarks", "bin", "Release", "net10.0", "Dweb.Benchmarks.dll");
        var launch = new Launch("dotnet", [program, .. arguments])
        {
            Environment = new Dictionary<string, string> { ["DWEB_NPM"] = repository.NodeModules },
        };
        var result = await tool.Run(launch, screen.Plain, stop);
        if (!result.Succeeded)
        {
            throw new LocalException($"The measurement ended with {result.ExitCode}.", "The lines above say at what.");
        }
    }
}
