using Dweb.Durable;
using Dweb.Functions.Reconciling;

namespace Dweb.Functions.Orchestrations;

/// <summary>
/// One comparison of what the control plane holds with the chain and with what agents say. What differs is looked at again after a pause, so that what was
/// only on its way is no finding; what still differs is mended by the ways that exist, looked at a third time, and reported. Nothing is moved on chain.
/// Each step may run twice: findings stand in the history before anything is mended.
/// </summary>
internal static class Reconciliation
{
    /// <summary>Pages after which the run begins a new history.</summary>
    private const int PagesOfAHistory = 50;

    private const int FindingsAtATime = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    public static async Task<ReconciliationReport?> RunAsync(OrchestrationContext context, ReconciliationInput input)
    {
        var progress = input.Progress ?? ReconciliationProgress.Begin(context.CurrentUtc);
        for (int pages = 0; progress.Next is { } page; pages++)
        {
            if (pages == PagesOfAHistory)
            {
                context.ContinueAsNew(input with { Progress = progress });
                return null;
            }

            progress = progress.With(await context.CallAsync(Definitions.ComparePage, page, Persistence.ThroughOutages));
        }

        var findings = await JudgeAsync(context, progress.Suspects);
        foreach (var some in findings.Chunk(FindingsAtATime))
        {
            await context.CallAsync(Definitions.RepairFindings, new FindingsToJudge(context.InstanceId, some), Persistence.ThroughOutages);
        }

        var left = (await JudgeAsync(context, findings)).ToHashSet();
        var report = new ReconciliationReport(
            context.InstanceId, progress.StartedAtMs, context.CurrentUtc.ToUnixTimeMilliseconds(), progress.At, progress.Compared,
            [.. findings.Select(finding => new ReportedFinding(finding, !left.Contains(finding)))], progress.Unjudged);
        await context.CallAsync(Definitions.KeepReport, report, Persistence.ThroughOutages);
        return report;
    }

    /// <returns>Those that are still there after a pause, as they were found first.</returns>
    private static async Task<IReadOnlyList<Finding>> JudgeAsync(OrchestrationContext context, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return [];
        }

        await context.CreateTimerAsync(Pause);
        var still = new List<Finding>();
        foreach (var some in findings.Chunk(FindingsAtATime))
        {
            still.AddRange(await context.CallAsync(Definitions.JudgeFindings, new FindingsToJudge(context.InstanceId, some), Persistence.ThroughOutages));
        }

        return still;
    }
}
