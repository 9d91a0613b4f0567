using System.Globalization;
using Dweb.Durable;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Reconciling;

/// <summary>Begins reconciliations, one at a time. The report of one that has ended is kept, so its orchestration is forgotten when the next begins.</summary>
internal sealed class ReconciliationRuns(IOrchestrationClient orchestrations)
{
    private const string Prefix = "reconciliation-";
    private static readonly OrchestrationQuery All = new() { InstanceIdPrefix = Prefix };

    /// <returns>Instance id of the run that goes on now: one that goes on already, or else a new one.</returns>
    public async Task<string> BeginAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        await foreach (var run in orchestrations.ListAsync(All, cancellationToken))
        {
            if (!run.IsTerminal)
            {
                return run.InstanceId;
            }
        }

        long dueMs = due.ToUnixTimeMilliseconds();
        string id = Prefix + dueMs.ToString(CultureInfo.InvariantCulture);
        await orchestrations.PurgeAsync(All, cancellationToken);
        await orchestrations.StartAsync(Definitions.Reconciliation, id, new ReconciliationInput(dueMs), cancellationToken);
        return id;
    }
}
