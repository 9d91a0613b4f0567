using System.Text.Json;
using Dweb.Local.Build;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Terminal;
using Dweb.Local.Test;
using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Bench;

/// <summary>Runs the tests that measure gas.</summary>
internal sealed class GasBench(Repository repository, Tool tool, Screen screen)
{
    private const string Advice = "See 'forge test --match-path \"test/gas/**\"' in contracts/.";

    /// <exception cref="LocalException">A test failed, so that its figures mean nothing, or none measured anything.</exception>
    public async Task<GasValues> Measure(CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        var result = await screen.During("measuring gas", _ => tool.Run(new Forge(repository, tool).Launch("test", "--json", "--match-path", GasValues.Tests), heard: null, stop));
        try
        {
            var outcome = ForgeReport.Parse(result.Output, TimeProvider.System.GetElapsedTime(started));
            var measured = GasValues.FromForge(result.Output);
            return outcome.Failed > 0 ? throw new LocalException($"A gas test failed: {outcome.Failures[0]}", Advice)
                : measured.Groups.Count == 0 ? throw new LocalException("The gas tests measured nothing.", Advice)
                : measured;
        }
        catch (JsonException broken)
        {
            throw new LocalException($"forge ended with {result.ExitCode} and no report:\n{result.Tail(40)}", Advice, broken);
        }
    }
}
