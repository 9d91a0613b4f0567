using Dweb.Local.Layout;
using Dweb.Local.Mutation;
using Dweb.Local.Processes;
using Dweb.Local.Terminal;

namespace Dweb.Local.Test.Contracts;

/// <summary>How good the contracts' tests are: the mutants they kill and the lines they reach; each is one outcome of a run.</summary>
internal sealed class ContractProofs(Repository repository, Tool tool, Screen screen)
{
    /// <summary>Which mutants a run of the tests takes: always the same, so that it depends on the sources alone.</summary>
    public const int Seed = 1;

    public async Task<TestOutcome> Mutation(bool full, CancellationToken stop)
    {
        var name = $"contracts (mutation score ≥ {MutationScore.WantedPercent} %)";
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            var plan = MutationPlan.Read(repository.Contracts);
            var report = await new MutationRun(repository, tool, screen).Run(plan, only: null, full ? plan.Full : plan.Sample, Seed, stop);
            MutationTables.Show(screen, report);
            return Outcome(name, started, report.Score.Ok, MutationTables.Summary(report));
        }
        catch (LocalException broken)
        {
            return Outcome(name, started, ok: false, broken.Message);
        }
    }

    public async Task<TestOutcome> Coverage(CancellationToken stop)
    {
        const string Name = "contracts (coverage)";
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            var coverage = await new CoverageRun(repository, tool, screen).Run(stop);
            CoverageTables.Show(screen, coverage);
            return Outcome(Name, started, coverage.Ok, CoverageTables.Summary(coverage));
        }
        catch (LocalException broken)
        {
            return Outcome(Name, started, ok: false, broken.Message);
        }
    }

    private static TestOutcome Outcome(string name, long started, bool ok, string summary)
    {
        var took = TimeProvider.System.GetElapsedTime(started);
        return ok ? new TestOutcome(name, 1, 0, 0, took, []) : TestOutcome.Broken(name, took, $"{name}: {summary}");
    }
}
