using System.Collections.Concurrent;
using System.Globalization;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Terminal;
using Dweb.Local.Test.Contracts;

namespace Dweb.Local.Mutation;

/// <summary>What a run of mutants found.</summary>
/// <param name="Score">The mutants that were tried.</param>
/// <param name="Seed">What chose them.</param>
/// <param name="Total">How many mutants the sources have.</param>
/// <param name="Absent">Targets of the table that name no file.</param>
/// <param name="Stale">Accepted survivors that are no mutants of these sources.</param>
internal sealed record MutationReport(MutationScore Score, int Seed, int Total, IReadOnlyList<string> Absent, IReadOnlyList<AcceptedSurvivor> Stale);

/// <summary>Changes the contracts in many small ways, one at a time, and sees whether the tests notice.</summary>
internal sealed class MutationRun(Repository repository, Tool tool, Screen screen)
{
    /// <summary>As many as run side by side: the compiler is one thread.</summary>
    private const int Workers = 2;

    /// <param name="plan">Sources and their tests.</param>
    /// <param name="only">A source; null for all.</param>
    /// <param name="count">How many mutants.</param>
    /// <param name="seed">What chooses them.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="LocalException">Tests fail without a mutant, or no source is named <paramref name="only"/>.</exception>
    public async Task<MutationReport> Run(MutationPlan plan, string? only, int count, int seed, CancellationToken stop)
    {
        var targets = plan.Targets.Select(t => (Target: t, Files: (IReadOnlyList<string>)[.. t.Files(repository.Contracts).Where(f => only is null || f == only || t.Source == only)])).ToList();
        var taken = targets.Where(t => t.Files.Count > 0).ToList();
        if (taken.Count == 0)
        {
            throw new LocalException($"No target is named '{only}'.", $"The targets are in {MutationPlan.FileIn(repository.Contracts)}.");
        }

        using var folder = WorkFolder.Open(repository, "mutation");
        var trial = new MutantTrial(plan);
        var original = await ContractsCopy.Make(repository, tool, repository.Contracts, Path.Combine(folder.Path, "original"), stop);
        var all = taken.ConvertAll(t => (IReadOnlyList<Mutant>)[.. t.Files.SelectMany(f => SyntaxTrees.Mutants(original.Folder, f))]);
        var targetOf = taken.SelectMany(t => t.Files.Select(f => (f, t.Target))).ToLookup(t => t.f, t => t.Target);
        var sample = MutantSample.Take(all, count, seed);
        var took = await Baseline(trial, original, [.. sample.Select(m => targetOf[m.File].First()).Distinct()], stop);
        var accepted = AcceptedSurvivors.Read(repository.Contracts);
        async Task<Verdict> Judge(Mutant mutant, string place, CancellationToken token)
        {
            // A copy each: what the mutant before it compiled must not be taken for the original's.
            var copy = await ContractsCopy.Make(repository, tool, original.Folder, place, token);
            var target = targetOf[mutant.File].First();
            return await trial.Of(copy, mutant, target, took[target], token);
        }

        var results = await screen.During(
            string.Create(CultureInfo.InvariantCulture, $"mutants of the contracts ({sample.Count})"), progress => Try(sample, Places(folder), Judge, progress, stop));
        return new MutationReport(
            new MutationScore([.. results.Select(r => r.Verdict == Verdict.Survived ? r with { Reason = accepted.ReasonFor(r.Mutant) } : r)]), seed, all.Sum(a => a.Count),
            [.. targets.Where(t => only is null && t.Files.Count == 0).Select(t => t.Target.Source)],
            only is null ? accepted.Stale([.. all.SelectMany(a => a)]) : []);
    }

    /// <summary>One after the other: each compiles what the ones before it did not need.</summary>
    private Task<Dictionary<MutationTarget, TimeSpan>> Baseline(MutantTrial trial, ContractsCopy original, IReadOnlyList<MutationTarget> targets, CancellationToken stop) =>
        screen.During("tests of the unchanged contracts", async progress =>
        {
            var took = new Dictionary<MutationTarget, TimeSpan>();
            foreach (var target in targets)
            {
                progress.Say(target.Source);
                var same = took.Keys.FirstOrDefault(t => t.Tests == target.Tests && t.NotTests == target.NotTests);
                took[target] = same is null ? await trial.Original(original, target, stop) : took[same];
            }

            return took;
        });

    private static ConcurrentBag<string> Places(WorkFolder folder) =>
        [.. Enumerable.Range(1, Workers).Select(worker => Path.Combine(folder.Path, string.Create(CultureInfo.InvariantCulture, $"worker-{worker}")))];

    /// <summary>All mutants, as many at once as there are places, each in a place that no other one has at that time.</summary>
    private static async Task<IReadOnlyList<MutantResult>> Try(
        IReadOnlyList<Mutant> sample, ConcurrentBag<string> places, Func<Mutant, string, CancellationToken, Task<Verdict>> judge, Progress progress, CancellationToken stop)
    {
        var results = new MutantResult[sample.Count];
        var done = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, sample.Count), new ParallelOptions { MaxDegreeOfParallelism = places.Count, CancellationToken = stop }, async (i, token) =>
        {
            if (!places.TryTake(out var place))
            {
                throw new InvalidOperationException("more workers than places");
            }

            var started = TimeProvider.System.GetTimestamp();
            var verdict = await judge(sample[i], place, token);
            places.Add(place);
            results[i] = new MutantResult(sample[i], verdict, TimeProvider.System.GetElapsedTime(started), Reason: null);
            progress.Say(string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref done)} of {sample.Count}, {results.Count(r => r?.Verdict == Verdict.Survived)} survived"));
        });
        return results;
    }
}
