using System.Globalization;
using Dweb.Local.Terminal;
using Spectre.Console;

namespace Dweb.Local.Test.Contracts;

/// <summary>What the tests reach, source by source, and what they do not.</summary>
internal static class CoverageTables
{
    public static void Show(Screen screen, Coverage coverage)
    {
        var table = new Table().AddColumns("source", "lines", "branches", "lines not reached", "branches not taken at");
        foreach (var file in coverage.Files)
        {
            table.AddRow(
                Markup.Escape(file.File), Share(file.Lines - file.Uncovered.Count, file.Lines), Share(file.Branches - file.UncoveredBranches.Count, file.Branches),
                Ranges(file.Uncovered), Ranges([.. file.UncoveredBranches.Distinct()]));
        }

        table.AddRow("all", Share(coverage.CoveredLines, coverage.Lines), Share(coverage.CoveredBranches, coverage.Branches), "", "");
        screen.Table(table);
        screen.Plain(Summary(coverage));
    }

    public static string Summary(Coverage coverage) => string.Create(
        CultureInfo.InvariantCulture,
        $"lines {Coverage.Percent(coverage.CoveredLines, coverage.Lines)} (wanted: above {Coverage.LinesAbove}), branches {Coverage.Percent(coverage.CoveredBranches, coverage.Branches)} (wanted: above {Coverage.BranchesAbove}); compiled with --ir-minimum");

    /// <summary>Lines as a person writes them: 3-5, 9.</summary>
    public static string Ranges(IReadOnlyList<int> lines)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var line in lines)
        {
            if (ranges.Count > 0 && ranges[^1].Last + 1 == line)
            {
                ranges[^1] = (ranges[^1].First, line);
            }
            else
            {
                ranges.Add((line, line));
            }
        }

        return string.Join(", ", ranges.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.First}{(r.First == r.Last ? "" : $"-{r.Last}")}")));
    }

    private static string Share(int covered, int all) => string.Create(CultureInfo.InvariantCulture, $"{Coverage.Percent(covered, all)} ({covered}/{all})");
}
