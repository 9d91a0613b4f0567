using Dweb.Functions.Reconciling;

namespace Dweb.Functions.Triggers.ReconciliationTimer;

/// <summary>Starts a reconciliation unless the one before still goes on.</summary>
internal sealed class ReconciliationTimerFunction(ReconciliationRuns runs) : ITimerFunction
{
    public string Name => "ReconciliationTimer";

    public Task RunAsync(DateTimeOffset due, CancellationToken cancellationToken) => runs.BeginAsync(due, cancellationToken);
}
