using System.Text.Json;
using Dweb.Local.Build;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;
using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Test;

/// <summary>Runs test programs and the contracts' tests side by side and collects what they report.</summary>
internal sealed class TestRun(Repository repository, Tool tool, Screen screen, Engine engine)
{
    private const int ProgramsAtATime = 2;

    // What is tried in full takes all that a machine has; agents and heartbeats beside it would be kept waiting until they are taken for lost.
    private const int InFull = 1;

    public async Task<TestTotal> Run(TestSelection selection, CancellationToken stop)
    {
        // The Solidity compiler keeps one processor busy for minutes; the programs mostly wait for other processes.
        var contracts = selection.TakesContracts ? RunContracts(selection, stop) : Task.FromResult<IReadOnlyList<TestOutcome>>([]);
        var programs = new TestPrograms(repository, tool, screen, engine);
        if (selection.TakesPrograms)
        {
            screen.Plain($"Random choices of the test programs: seed {programs.Seed} (DWEB_SEED repeats them).");
        }

        string[] all = selection.TakesPrograms ? [.. programs.All()] : [];
        var outcomes = new TestOutcome[all.Length];
        await Parallel.ForEachAsync(Enumerable.Range(0, all.Length), new ParallelOptions { MaxDegreeOfParallelism = selection.Full ? InFull : ProgramsAtATime, CancellationToken = stop }, async (i, token) =>
        {
            outcomes[i] = await programs.Run(all[i], selection, token);
            Show(outcomes[i]);
        });
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
        outcomes.Add(await proofs.Mutation(selection.Full, stop));
        Show(outcomes[^1]);
        if (!selection.Full)
        {
            screen.Plain("Left out: the other mutants and the coverage of the contracts, 180 more kills of the hub, the other kill points of the control plane, 95 more random kills, the long outages, the long flood of nonsense and three of four of the cases and escapes under Podman; 'dweb test --full' has them.");
            return outcomes;
        }

        outcomes.Add(await proofs.Coverage(stop));
        Show(outcomes[^1]);
        return outcomes;
    }

    /// <returns>The outcome, and the gas that the tests measured; null when they left no report.</returns>
    private async Task<(TestOutcome Tests, GasValues? Gas)> RunForge(TestSelection selection, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        var launch = new Forge(repository, tool).InBackground(["test", "--json", .. selection.ForgeArguments()]);
        if (selection.Full)
        {
            launch = launch with { Environment = new Dictionary<string, string>(launch.Environment) { ["FOUNDRY_FUZZ_RUNS"] = "5000" } };
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
