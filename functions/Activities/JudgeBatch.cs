using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Activities;

/// <summary>Says how replicas do that were moved to a new image, by what their agents last reported.</summary>
internal sealed class JudgeBatch(Market market, LeaseReports reports, Heartbeats heartbeats)
{
    public Task<BatchHealth> RunAsync(RolloutBatch batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var judged = market.LeasesOfOrder(batch.Rollout.OrderHash)
            .Where(lease => lease.Service == batch.Rollout.Service && batch.Replicas.Contains(lease.Replica))
            .GroupBy(static lease => lease.Replica)
            .Select(replica => Judge(replica.MaxBy(static lease => lease.Generation)!))
            .ToList();
        return Task.FromResult(
            judged.Find(static h => h.Standing == BatchStanding.Failed)
            ?? judged.Find(static h => h.Standing == BatchStanding.Starting)
            ?? new BatchHealth(BatchStanding.Healthy, null));
    }

    private BatchHealth Judge(LeaseRecord lease)
    {
        // One that has ended since is placed again, or not, for reasons that say nothing about its image.
        if (lease.State != LeaseState.Open || heartbeats.IsLost(lease.Coe))
        {
            return new BatchHealth(lease.IsLive ? BatchStanding.Starting : BatchStanding.Healthy, Says(lease, "is on a COE that is not heard"));
        }

        var report = reports.Find(lease.LeaseId);
        return report?.Phase switch
        {
            LeasePhase.Running => new BatchHealth(BatchStanding.Healthy, null),
            LeasePhase.Unhealthy or LeasePhase.Exited or LeasePhase.Refused => new BatchHealth(
                BatchStanding.Failed, Says(lease, $"is {report.Phase}{(report.Detail is null ? "" : $" ({report.Detail})")}")),
            _ => new BatchHealth(BatchStanding.Starting, Says(lease, $"does not run yet ({report?.Phase ?? LeasePhase.Assigned})")),
        };
    }

    private string Says(LeaseRecord lease, string what) => $"replica {lease.Replica} of service {lease.Service} on COE {market.NameOfCoe(lease.Coe)} {what}";
}
