using System.Globalization;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Terminal;

namespace Dweb.Local.Bench;

/// <summary>Runs the program that measures orchestrations; it prints its own tables.</summary>
internal sealed class DurableBench(Repository repository, Tool tool, Screen screen)
{
    /// <param name="instances">How many wait at once.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="LocalException">A measurement failed.</exception>
    public async Task Run(int instances, CancellationToken stop)
    {
        var program = Path.Combine(repository.Root, "tests", "Benchmarks", "bin", "Release", "net10.0", "Dweb.Benchmarks.dll");
        var launch = new Launch("dotnet", program, "durable", instances.ToString(CultureInfo.InvariantCulture))
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
