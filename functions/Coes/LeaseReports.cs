using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Disputes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Orders;
using Dweb.Functions.Tracing;

namespace Dweb.Functions.Coes;

/// <summary>What an agent last said of a lease.</summary>
/// <param name="SignedAtMs">Time in the agent's signature: an older report never replaces a newer one.</param>
/// <param name="IsTold">The order's orchestration was told of this phase.</param>
internal sealed record ReportedPhase(LeasePhase Phase, IReadOnlyList<string> Urls, string? Code, string? Detail, long SignedAtMs, bool IsTold);

/// <summary>
/// Takes reports of agents. They are progress, not truth, so they live in memory and come again with the next heartbeat after a restart; what an
/// orchestration waits for is put into its inbox before the agent gets its answer.
/// </summary>
internal sealed class LeaseReports(Market market, MarketSignals signals, OrderNotices notices, OrderTimeline timeline, OrderTraces traces) : IReportedAddresses
{
    private readonly ConcurrentDictionary<Hash32, ReportedPhase> phases = new();

    public ReportedPhase? Find(Hash32 leaseId) => phases.GetValueOrDefault(leaseId);

    public IReadOnlyList<string>? FindUrls(Hash32 leaseId) => Find(leaseId)?.Urls;

    public async Task TakeAsync(Hash32 coe, IReadOnlyList<LeaseReport> reports, long signedAtMs, CancellationToken cancellationToken)
    {
        foreach (var report in reports)
        {
            if (market.FindLease(report.LeaseId) is not { } lease || lease.Coe != coe)
            {
                // Not this COE's, or not read from the chain yet: the next heartbeat says it again.
                continue;
            }

            phases.TryGetValue(report.LeaseId, out var known);
            if (known is not null && known.SignedAtMs > signedAtMs)
            {
                continue;
            }

            bool isNews = known?.Phase != report.Phase || known.Code != report.Code;
            var phase = new ReportedPhase(report.Phase, report.Urls, report.Code, report.Detail, signedAtMs, IsTold: !isNews && known!.IsTold);

            // Before it is told: who is told may look at once, and is told only once.
            phases[report.LeaseId] = phase;
            if (isNews)
            {
                Note(lease, report);
            }

            if (!phase.IsTold)
            {
                using var span = report.Phase == LeasePhase.Running ? traces.Begin("running report", lease.OrderHash) : null;
                await NoticeAsync(lease, report, cancellationToken);
                phases.TryUpdate(report.LeaseId, phase with { IsTold = true }, phase);
            }

            signals.Order(lease.OrderHash).Raise();
        }
    }

    private void Note(LeaseRecord lease, LeaseReport report)
    {
        // Of a lease that is closed nothing more is written down.
        if (lease.State != LeaseState.Closed)
        {
            string detail = report.Detail is null ? "" : ": " + report.Detail;
            timeline.AddReport(lease.OrderHash, $"service {lease.Service}, replica {lease.Replica} on {market.NameOfCoe(lease.Coe)} is {report.Phase}{detail}");
        }
    }

    // That a lease may run no longer is for the chain to say.
    private Task NoticeAsync(LeaseRecord lease, LeaseReport report, CancellationToken cancellationToken) => (report.Phase, lease.State) switch
    {
        (LeasePhase.Running, LeaseState.Open) => notices.RaiseAsync(new LeaseNotice(lease.LeaseId, LeaseNoticeKind.Running), lease.OrderHash, cancellationToken),
        (LeasePhase.Refused, LeaseState.Open) when report.Code != Catalogue.LeaseNotOpen.Code => notices.RaiseAsync(new LeaseNotice(lease.LeaseId, LeaseNoticeKind.Refused, report.Code, report.Detail), lease.OrderHash, cancellationToken),
        _ => Task.CompletedTask,
    };
}
