using Dweb.Functions.Indexing;
using Dweb.Functions.Reconciling;

namespace Dweb.Functions.Orchestrations;

/// <param name="DueMs">When the run was due, Unix milliseconds.</param>
/// <param name="Progress">How far an earlier history of the same run has come; null at its beginning.</param>
internal sealed record ReconciliationInput(long DueMs, ReconciliationProgress? Progress = null);

/// <summary>What a run has compared so far.</summary>
/// <param name="Next">The part that is compared next; null when all are.</param>
/// <param name="At">The newest block that something was compared with.</param>
/// <param name="Suspects">What differed at the first look.</param>
/// <param name="Unjudged">What differed too and was too much for one run.</param>
internal sealed record ReconciliationProgress(
    long StartedAtMs, ComparisonPage? Next, IndexCursor? At, ComparedCounts Compared, IReadOnlyList<Finding> Suspects, int Unjudged)
{
    /// <summary>What one run looks at twice: one that finds more has found that the whole index is another chain's.</summary>
    public const int MostFindings = 400;

    public static ReconciliationProgress Begin(DateTimeOffset now) =>
        new(now.ToUnixTimeMilliseconds(), new ComparisonPage(ComparisonParts.First, null), null, ComparedCounts.None, [], 0);

    public ReconciliationProgress With(ComparedPage page)
    {
        int room = MostFindings - Suspects.Count;
        return this with
        {
            Next = page.Next,
            At = page.At ?? At,
            Compared = Compared.Plus(page.Compared),
            Suspects = [.. Suspects, .. page.Suspects.Take(room)],
            Unjudged = Unjudged + Math.Max(0, page.Suspects.Count - room),
        };
    }
}

/// <summary>A bounded number of subjects of one part.</summary>
/// <param name="Part">Name of a comparison.</param>
/// <param name="After">The last subject of the page before; null for the first page.</param>
internal sealed record ComparisonPage(string Part, string? After);

/// <param name="At">The block that the page was compared with; null where it was not compared with the chain.</param>
/// <param name="Next">Null after the last page of the last part.</param>
internal sealed record ComparedPage(IndexCursor? At, ComparedCounts Compared, IReadOnlyList<Finding> Suspects, ComparisonPage? Next);

/// <summary>Findings to be looked at again, or to be mended.</summary>
/// <param name="Run">Instance id of the run.</param>
internal sealed record FindingsToJudge(string Run, IReadOnlyList<Finding> Findings);

/// <summary>The report of a run.</summary>
/// <param name="Id">Instance id of the run.</param>
/// <param name="At">The newest block that something was compared with; null where there was nothing.</param>
/// <param name="Unjudged">Differences that were too many for this run; the next one finds them.</param>
internal sealed record ReconciliationReport(
    string Id, long StartedAtMs, long FinishedAtMs, IndexCursor? At, ComparedCounts Compared, IReadOnlyList<ReportedFinding> Findings, int Unjudged);

/// <param name="Repaired">It was mended, and not there any more when it was looked at after that.</param>
internal sealed record ReportedFinding(Finding Finding, bool Repaired);
