using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Terminal;

namespace Dweb.Local.Test.Contracts;

/// <summary>
/// Measures which lines and branches the contracts' tests reach. The contracts are compiled for it through IR with the least
/// optimisation (<c>--ir-minimum</c>): without IR some functions have more values than the stack holds, and the full optimiser moves code
/// away from its lines.
/// </summary>
internal sealed class CoverageRun(Repository repository, Tool tool, Screen screen)
{
    /// <exception cref="LocalException">The tests fail, or forge does.</exception>
    public async Task<Coverage> Run(CancellationToken stop)
    {
        using var folder = WorkFolder.Open(repository, "coverage");
        var copy = await ContractsCopy.Make(repository, tool, repository.Contracts, Path.Combine(folder.Path, "contracts"), stop);
        var result = await screen.During("coverage of the contracts", _ => copy.Forge(
            // A line is reached in the first few cases or by a test of its own.
            new Dictionary<string, string> { ["FOUNDRY_PROFILE"] = "coverage", ["FOUNDRY_FUZZ_RUNS"] = "64", ["FOUNDRY_INVARIANT_RUNS"] = "16" },
            stop,

            // Without optimisation contracts are larger than a chain takes: neither their size nor their gas is asked here.
            "coverage", "--ir-minimum", "--deny", "never", "--code-size-limit", "1000000", "--no-match-path", GasValues.Tests, "--no-match-test", "eip170",
            "--report", "lcov", "--report-file", "lcov.info"));
        return result.Succeeded
            ? LcovReport.Parse(await File.ReadAllTextAsync(Path.Combine(copy.Folder, "lcov.info"), stop))
            : throw new LocalException($"forge coverage ended with {result.ExitCode}:\n{result.Output}{result.Tail(40)}", "Do the tests pass? See 'dweb test contracts'.");
    }
}
