using System.Globalization;

namespace Dweb.Local.Test.Contracts;

/// <summary>How much of a source the tests went through.</summary>
/// <param name="File">Path in the contracts' folder.</param>
/// <param name="Lines">Lines with code.</param>
/// <param name="Uncovered">Those that no test reached.</param>
/// <param name="Branches">Ways that a condition can go.</param>
/// <param name="UncoveredBranches">The lines of ways that no test took: a line once for each way.</param>
internal sealed record FileCoverage(string File, int Lines, IReadOnlyList<int> Uncovered, int Branches, IReadOnlyList<int> UncoveredBranches);

/// <summary>All sources under <c>src</c>.</summary>
internal sealed record Coverage(IReadOnlyList<FileCoverage> Files)
{
    /// <summary>In percent; above, not at.</summary>
    public const int LinesAbove = 97;

    /// <inheritdoc cref="LinesAbove"/>
    public const int BranchesAbove = 92;

    public int Lines => Files.Sum(f => f.Lines);

    public int CoveredLines => Lines - Files.Sum(f => f.Uncovered.Count);

    public int Branches => Files.Sum(f => f.Branches);

    public int CoveredBranches => Branches - Files.Sum(f => f.UncoveredBranches.Count);

    public bool Ok => Lines > 0 && CoveredLines * 100 > LinesAbove * Lines && CoveredBranches * 100 > BranchesAbove * Branches;

    /// <summary>With one decimal, rounded down; a source without any has all of them.</summary>
    public static string Percent(int covered, int all)
    {
        var perMille = all == 0 ? 1000 : covered * 1000 / all;
        return string.Create(CultureInfo.InvariantCulture, $"{perMille / 10}.{perMille % 10} %");
    }
}

/// <summary>Reads an lcov tracefile.</summary>
internal static class LcovReport
{
    public static Coverage Parse(string text)
    {
        var file = "";
        // A source that two profiles compile comes twice: what either reached is reached.
        var lines = new SortedDictionary<(string File, int Line), bool>();
        var branches = new SortedDictionary<(string File, int Line, string Way), bool>();
        foreach (var record in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            var (kind, value) = record.Split(':', 2) is [var k, var v] ? (k, v) : (record, "");
            var fields = value.Split(',');
            switch (kind)
            {
                case "SF":
                    file = value;
                    break;
                case "DA":
                    lines[(file, Number(fields[0]))] = lines.GetValueOrDefault((file, Number(fields[0]))) || fields[1] != "0";
                    break;
                case "BRDA":
                    // A dash: the condition itself was never reached.
                    var way = (file, Number(fields[0]), $"{fields[1]},{fields[2]}");
                    branches[way] = branches.GetValueOrDefault(way) || fields[3] is not ("-" or "0");
                    break;
                default:
                    break;
            }
        }

        return new Coverage([.. lines.Keys.Select(l => l.File).Distinct().Where(f => f.StartsWith("src/", StringComparison.Ordinal)).Select(f => new FileCoverage(
            f,
            lines.Count(l => l.Key.File == f),
            [.. lines.Where(l => l.Key.File == f && !l.Value).Select(l => l.Key.Line)],
            branches.Count(b => b.Key.File == f),
            [.. branches.Where(b => b.Key.File == f && !b.Value).Select(b => b.Key.Line)]))]);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
