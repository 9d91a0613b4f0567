using System.Text;
using Dweb.Core.Manifest;
using Dweb.Functions.Disputes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Orders;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Activities;

/// <summary>Asks a disputed container whether it serves, several times, and says what was found. It changes nothing; run twice, it asks twice.</summary>
internal sealed class ProbeDispute(
    DisputesOnChain disputes, ServingExamination examination, ChainIndexer indexer, Market market, SpecStore specs, OrderTimeline timeline)
{
    public async Task<DisputeFinding> RunAsync(DisputeInput input, CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        if (market.FindLease(input.LeaseId) is not { } lease || await disputes.TimeLeftAsync(input, cancellationToken) is not { } left)
        {
            return DisputeFinding.None;
        }

        var judged = ServingJudge.Of(await examination.RunAsync(lease, await PortsAsync(lease, cancellationToken), ProbePace.For(left), cancellationToken));
        timeline.Add(lease.OrderHash, "judged", $"service {lease.Service}, replica {lease.Replica} on {market.NameOfCoe(lease.Coe)} {Words(judged.Finding)}: {judged.Why}");
        return judged.Finding;
    }

    private async Task<int?> PortsAsync(LeaseRecord lease, CancellationToken cancellationToken) =>
        market.Orders.TryGetValue(lease.OrderHash, out var order)
        && await specs.FindAsync(order.Order.Services[lease.Service].SpecHash, cancellationToken) is { } spec
            ? ContainerSpec.FromCanonicalJson(Encoding.UTF8.GetBytes(spec)).Ports.Count
            : null;

    private static string Words(DisputeFinding finding) => finding switch
    {
        DisputeFinding.Served => "serves",
        DisputeFinding.NotServed => "does not serve",
        _ => "cannot be judged",
    };
}
