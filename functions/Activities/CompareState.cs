using Dweb.Functions.Orchestrations;
using Dweb.Functions.Reconciling;

namespace Dweb.Functions.Activities;

/// <summary>The steps of a reconciliation: compares a page, looks again at what differed, and mends it. Each looks at what is so at that moment, and may run twice.</summary>
internal sealed class CompareState(IEnumerable<IComparison> comparisons)
{
    private readonly Dictionary<string, IComparison> parts = comparisons.ToDictionary(static comparison => comparison.Part, StringComparer.Ordinal);

    public async Task<ComparedPage> PageAsync(ComparisonPage page, CancellationToken cancellationToken)
    {
        var comparison = parts[page.Part];
        var subjects = await comparison.NextAsync(page.After, cancellationToken);
        if (subjects.Count == 0)
        {
            return new ComparedPage(null, ComparedCounts.None, [], ComparisonParts.After(page.Part) is { } next ? new ComparisonPage(next, null) : null);
        }

        var look = await comparison.LookAsync(subjects, cancellationToken);

        // What a transaction of our own did is shown before its block is read; by the second look that is read.
        var suspects = await StillAsync(comparison, look.Findings, cancellationToken);
        return new ComparedPage(look.At, look.Compared, suspects, page with { After = subjects[^1] });
    }

    /// <returns>Those that are still there, as they were found first.</returns>
    public async Task<IReadOnlyList<Finding>> JudgeAsync(FindingsToJudge judged, CancellationToken cancellationToken)
    {
        var still = new List<Finding>();
        foreach (var part in judged.Findings.GroupBy(static finding => finding.Part, StringComparer.Ordinal))
        {
            still.AddRange(await StillAsync(parts[part.Key], [.. part], cancellationToken));
        }

        return still;
    }

    /// <returns>How many something was done about.</returns>
    public async Task<int> RepairAsync(FindingsToJudge found, CancellationToken cancellationToken)
    {
        // Several findings of one subject are one repair.
        var repairs = found.Findings.DistinctBy(static finding => (finding.Part, finding.Subject, finding.Kind, finding.Part == ComparisonParts.Agents ? finding.Id : null)).ToList();
        foreach (var finding in repairs)
        {
            await parts[finding.Part].RepairAsync(finding, found.Run, cancellationToken);
        }

        return repairs.Count;
    }

    private static async Task<IReadOnlyList<Finding>> StillAsync(IComparison comparison, IReadOnlyList<Finding> findings, CancellationToken cancellationToken)
    {
        if (findings.Count == 0)
        {
            return [];
        }

        var now = await comparison.LookAsync([.. findings.Select(static finding => finding.Subject).Distinct(StringComparer.Ordinal)], cancellationToken);
        return [.. findings.Where(finding => now.Findings.Any(finding.IsStill))];
    }
}
