using Dweb.Core.Protocol;
using Dweb.Durable;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Orders;

namespace Dweb.Functions.Reconciling;

/// <summary>What sees to orders, each by an orchestration of its own.</summary>
internal sealed class Lifecycles(IOrchestrationClient orchestrations, OrderNotices notices)
{
    /// <returns>The status of the order's orchestration; null where there is none.</returns>
    public async Task<OrchestrationStatus?> FindAsync(Hash32 orderHash, CancellationToken cancellationToken) =>
        (await orchestrations.GetAsync(orderHash.ToString(), cancellationToken))?.Status;

    /// <summary>Has the order's orchestration read chain and agents anew; where there is none, or it has ended, it begins from there.</summary>
    public async Task LookAgainAsync(Hash32 orderHash, string run, CancellationToken cancellationToken)
    {
        string id = orderHash.ToString();
        var status = await FindAsync(orderHash, cancellationToken);
        if (status is { } known && !known.IsTerminal())
        {
            await notices.RaiseReconciledAsync(orderHash, run, cancellationToken);
            return;
        }

        if (status is not null)
        {
            // The id is taken by what has ended; a crash after this leaves an order without one, which is started too.
            await orchestrations.PurgeAsync(id, cancellationToken);
        }

        await orchestrations.StartAsync(Definitions.DeploymentLifecycle, id, new DeploymentInput(orderHash), cancellationToken);
    }
}
