using System.Text;
using Dweb.Core.Manifest;
using Dweb.Functions.Coes;
using Dweb.Functions.Disputes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Orders;
using Dweb.Functions.Settings;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Activities;

/// <summary>Asks a disputed container whether it serves, several times, and says what was found. It changes nothing; run twice, it asks twice.</summary>
internal sealed class ProbeDispute(
    DisputesOnChain disputes, ChainIndexer indexer, Market market, LeaseReports reports, Heartbeats heartbeats, SpecStore specs, ServingProbe probe, ControlPlaneSettings settings,
    OrderTimeline timeline, TimeProvider time)
{
    public async Task<DisputeFinding> RunAsync(DisputeInput input, CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        if (market.FindLease(input.LeaseId) is not { } lease || await disputes.TimeLeftAsync(input, cancellationToken) is not { } left)
        {
            return DisputeFinding.None;
        }

        var judged = ServingJudge.Of(await ExamineAsync(lease, ProbePace.For(left), cancellationToken));
        timeline.Add(lease.OrderHash, "judged", $"service {lease.Service}, replica {lease.Replica} on {market.NameOfCoe(lease.Coe)} {Words(judged.Finding)}: {judged.Why}");
        return judged.Finding;
    }

    private async Task<ServingFacts> ExamineAsync(LeaseRecord lease, ProbePace pace, CancellationToken cancellationToken)
    {
        int? ports = await PortsAsync(lease, cancellationToken);
        bool mayRun = await disputes.MayRunAsync(lease, cancellationToken);
        for (int attempt = 1; mayRun && ports > 0; attempt++)
        {
            // A container that was started anew answers elsewhere.
            var asked = ProbeTargets.Of(reports.Find(lease.LeaseId)?.Urls ?? [], settings.ProbePrivateAddresses);
            string? answer = await probe.AskAsync(asked, pace.Patience, cancellationToken);
            if (answer is not null || attempt == pace.Attempts)
            {
                // It may have been ended meanwhile, and stopped for that.
                return new ServingFacts(await disputes.MayRunAsync(lease, cancellationToken), ports, IsHeard(lease), asked, attempt, answer);
            }

            await Task.Delay(asked.Count == 0 ? pace.Pause + pace.Patience : pace.Pause, time, cancellationToken);
        }

        return new ServingFacts(mayRun, ports, IsHeard(lease), [], 0, null);
    }

    private bool IsHeard(LeaseRecord lease) =>
        reports.Find(lease.LeaseId) is not null || heartbeats.LastHeardMs(lease.Coe) is not null || heartbeats.IsLost(lease.Coe);

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
