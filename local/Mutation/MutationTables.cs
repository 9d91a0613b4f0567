using System.Globalization;
using Dweb.Local.Terminal;
using Spectre.Console;

namespace Dweb.Local.Mutation;

/// <summary>What a run of mutants found, by source and operator, and every survivor.</summary>
internal static class MutationTables
{
    public static void Show(Screen screen, MutationReport report)
    {
        var table = new Table().AddColumns("changed source", "mutants", "killed", "survived", "do not compile");
        foreach (var file in report.Score.Results.GroupBy(r => r.Mutant.File).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Row(table, file.Key, [.. file]);
        }

        foreach (var kind in report.Score.Results.GroupBy(r => r.Mutant.Operator).OrderBy(g => g.Key))
        {
            Row(table, kind.Key.ToString().ToLowerInvariant(), [.. kind]);
        }

        screen.Table(table);
        foreach (var survivor in report.Score.Survivors)
        {
            screen.Plain($"SURVIVED {Describe(survivor)}");
        }

        foreach (var stale in report.Stale)
        {
            screen.Plain($"No mutant of the sources as they are: {stale.File} '{stale.Original}' -> '{stale.Replacement}' in mutation-survivors.json");
        }

        foreach (var absent in report.Absent)
        {
            screen.Plain($"No such source: {absent} in mutation.json");
        }

        screen.Plain(Summary(report));
    }

    /// <summary>The line that says it all, what was left out included.</summary>
    public static string Summary(MutationReport report)
    {
        var score = report.Score;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"mutation score {score.PerMille / 10}.{score.PerMille % 10} %: {score.Killed} of {score.Counted} killed ({score.TimedOut} by tests that did not end), {score.Stillborn} more do not compile; seed {report.Seed} took {score.Results.Count} of {report.Total} mutants and left {report.Total - score.Results.Count} out");
    }

    /// <summary>File and line, both readings of it, and the reason if there is one.</summary>
    public static string Describe(MutantResult survivor) => string.Create(
        CultureInfo.InvariantCulture,
        $"{survivor.Mutant.File}:{survivor.Mutant.Line}\n  original    {survivor.Mutant.OriginalLine}\n  mutant      {survivor.Mutant.MutatedLine}\n  {(survivor.Reason is { } reason ? "accepted    " + reason : "no test notices")}");

    private static void Row(Table table, string name, IReadOnlyList<MutantResult> results)
    {
        int Count(params Verdict[] verdicts) => results.Count(r => verdicts.Contains(r.Verdict));
        string[] cells = [name, .. new[] { results.Count, Count(Verdict.Killed, Verdict.TimedOut), Count(Verdict.Survived), Count(Verdict.Stillborn) }.Select(n => n.ToString(CultureInfo.InvariantCulture))];
        table.AddRow(cells.Select(Markup.Escape).ToArray());
    }
}
