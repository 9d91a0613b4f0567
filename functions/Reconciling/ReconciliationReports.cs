using Dweb.Functions.Orchestrations;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Reconciling;

/// <summary>Keeps the newest report and tells of each finding once: one that the report before had told of is not told again while it lasts.</summary>
internal sealed partial class ReconciliationReports(ReconciliationStore store, ILogger<ReconciliationReports> logger)
{
    public Task<ReconciliationReport?> FindAsync(CancellationToken cancellationToken) => store.FindAsync(cancellationToken);

    /// <returns>False for a report that is older than the one that is kept.</returns>
    public async Task<bool> KeepAsync(ReconciliationReport report, CancellationToken cancellationToken)
    {
        var last = await store.FindAsync(cancellationToken);
        if (last is not null && last.StartedAtMs > report.StartedAtMs)
        {
            return false;
        }

        foreach (var (finding, repaired) in report.Findings.Where(found => last?.Findings.Any(told => told.Finding.IsStill(found.Finding)) != true))
        {
            LogFinding(logger, finding.Kind, finding.Id, finding.Expected, finding.Found, repaired ? "It is mended." : "It is not mended.");
        }

        await store.PutAsync(report, cancellationToken);
        return true;
    }

    [LoggerMessage(EventId = 8001, Level = LogLevel.Warning, Message = "Reconciliation found {Kind} of {Id}: expected {Expected}; found {Found}. {Outcome}")]
    private static partial void LogFinding(ILogger logger, string kind, string id, string expected, string found, string outcome);
}
