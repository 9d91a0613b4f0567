using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Disputes;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Scheduling.Member;

/// <summary>What agents have told this member of their containers. What is told of another COE's lease does not count.</summary>
internal sealed class MemberReports(Market market) : IReportedAddresses
{
    private readonly ConcurrentDictionary<Hash32, IReadOnlyDictionary<Hash32, LeaseReport>> told = new();

    public void Take(Hash32 coe, IReadOnlyList<LeaseReport> leases) =>
        told[coe] = leases.GroupBy(static lease => lease.LeaseId).ToDictionary(static lease => lease.Key, static lease => lease.First());

    public IReadOnlyList<string>? FindUrls(Hash32 leaseId) => Find(leaseId)?.Urls;

    /// <returns>Null when the agent has said nothing of the lease.</returns>
    public LeasePhase? FindPhase(Hash32 leaseId) => Find(leaseId)?.Phase;

    private LeaseReport? Find(Hash32 leaseId) =>
        market.FindLease(leaseId) is { } lease && told.TryGetValue(lease.Coe, out var leases) ? leases.GetValueOrDefault(leaseId) : null;
}
