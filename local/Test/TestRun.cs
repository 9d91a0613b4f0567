using System.Text.Json;
using Dweb.Local.Build;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;
using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Test;

/// <summary>Runs test programs and the contracts' tests one after the other and collects what they report.</summary>
internal sealed class TestRun(Repository repository, Tool tool, Screen screen, Engine engine)
{
    private const string LastToRun = "Dweb.EndToEnd.Tests";
    private const int NoTestsRan = 8;

    public async Task<TestTotal> Run(TestSelection selection, CancellationToken stop)
    {
        // The Solidity compiler keeps one processor busy for minutes; the programs mostly wait for other processes.
        var contracts = selection.TakesContracts ? RunContracts(selection, stop) : Task.FromResult<IReadOnlyList<TestOutcome>>([]);
        var outcomes = new List<TestOutcome>();
        foreach (var program in selection.TakesPrograms ? Programs() : [])
        {
            outcomes.Add(await RunProgram(program, selection, stop));
            Show(outcomes[^1]);
        }

        return new TestTotal([.. await contracts, .. outcomes], selection.EveryProgramMustRun);
    }

    private async Task<IReadOnlyList<TestOutcome>> RunContracts(TestSelection selection, CancellationToken stop)
    {
        var (tests, gas) = await RunForge(selection, stop);
        Show(tests);
        if (selection.Name is not null)
        {
            return [tests];
        }

        List<TestOutcome> outcomes = [tests, .. await new ContractChecks(repository, tool).All(gas, stop)];
        outcomes.Skip(1).ToList().ForEach(Show);
        var proofs = new ContractProofs(repository, tool, screen);
        if (selection.Full)
        {
            outcomes.Add(await proofs.Mutation(full: true, stop));
            Show(outcomes[^1]);
            outcomes.Add(await proofs.Coverage(stop));
            Show(outcomes[^1]);
        }

        if (!selection.Full)
        {
            screen.Plain("Left out: mutants and coverage of the contracts; 'dweb test --full' has them.");
        }

        return outcomes;
    }

    /// <summary>Every test project of the checkout: adding one needs no list to be changed.</summary>
    private IEnumerable<string> Programs() =>
        Directory.EnumerateFiles(Path.Combine(repository.Root, "tests"), "*.Tests.csproj", SearchOption.AllDirectories)
            .OrderBy(p => Path.GetFileNameWithoutExtension(p) == LastToRun)
            .ThenBy(p => p, StringComparer.Ordinal)
            .Select(p => Path.Combine(Path.GetDirectoryName(p)!, "bin", "Release", "net10.0", Path.GetFileNameWithoutExtension(p) + ".dll"));

    private async Task<TestOutcome> RunProgram(string program, TestSelection selection, CancellationToken stop)
    {
        var name = Path.GetFileNameWithoutExtension(program);
        var results = Path.Combine(repository.Generated, "test-results");
        Directory.CreateDirectory(results);
        var report = Path.Combine(results, name + ".json");
        File.Delete(report);
        var started = TimeProvider.System.GetTimestamp();
        var launch = new Launch(
            "dotnet",
            [program, "--results-directory", results, "--report-xunit-ctrf", "--report-xunit-ctrf-filename", name + ".json", "--progress", "off", "--no-ansi", .. selection.ProgramArguments()])
        {
            Folder = Path.GetDirectoryName(program),
            Environment = Environment(selection),
        };
        var result = await screen.During(name, _ => tool.Run(launch, heard: null, stop));
        var took = TimeProvider.System.GetElapsedTime(started);
        if (!File.Exists(report))
        {
            return result.ExitCode == NoTestsRan
                ? new TestOutcome(name, 0, 0, 0, took, [])
                : TestOutcome.Broken(name, took, $"{name} ended with {result.ExitCode} and left no report:\n{result.Output}{result.Errors}");
        }

        var outcome = CtrfReport.Parse(name, await File.ReadAllTextAsync(report, stop), took);
        return outcome.Failed == 0 && result.ExitCode is not (0 or NoTestsRan)
            ? TestOutcome.Broken(name, took, $"{name} ended with {result.ExitCode} although no test failed:\n{result.Tail(30)}")
            : outcome;
    }

    /// <returns>The outcome, and the gas that the tests measured; null when they left no report.</returns>
    private async Task<(TestOutcome Tests, GasValues? Gas)> RunForge(TestSelection selection, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        var launch = new Forge(repository, tool).Launch(["test", "--json", .. selection.ForgeArguments()]);
        if (selection.Full)
        {
            launch = launch with { Environment = new Dictionary<string, string>(launch.Environment) { ["FOUNDRY_FUZZ_RUNS"] = "10000" } };
        }

        var result = await screen.During(ForgeReport.Program, _ => tool.Run(launch, heard: null, stop));
        var took = TimeProvider.System.GetElapsedTime(started);
        try
        {
            return (ForgeReport.Parse(result.Output, took), GasValues.FromForge(result.Output));
        }
        catch (JsonException)
        {
            var outcome = selection.Name is not null && result.Output.Contains("No tests", StringComparison.OrdinalIgnoreCase)
                ? new TestOutcome(ForgeReport.Program, 0, 0, 0, took, [])
                : TestOutcome.Broken(ForgeReport.Program, took, $"forge ended with {result.ExitCode} and no report:\n{result.Tail(40)}");
            return (outcome, null);
        }
    }

    private Dictionary<string, string> Environment(TestSelection selection)
    {
        var environment = new Dictionary<string, string>
        {
            ["DWEB_ROOT"] = repository.Root,
            ["DWEB_NPM"] = repository.NodeModules,
            ["DOCKER_HOST"] = engine.Host,
        };
        if (selection.Full)
        {
            environment["CsCheck_Iter"] = "2000";
        }

        return environment;
    }

    private void Show(TestOutcome outcome)
    {
        foreach (var failure in outcome.Failures)
        {
            screen.Plain($"FAILED {failure}");
        }

        foreach (var notice in outcome.Notices)
        {
            screen.Plain($"Notice: {notice}");
        }
    }
}
