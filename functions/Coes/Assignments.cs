using System.Security.Cryptography;
using System.Text;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Coes;

/// <summary>
/// What a COE should be running, whole and level-triggered: the leases that the chain assigns to it and has not closed. An answer that is lost is
/// asked for again; there is nothing to acknowledge.
/// </summary>
internal sealed class Assignments(Market market, MarketSignals signals, SpecStore specs, LogRelay logs, TimeProvider time)
{
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(25);

    /// <summary>Waits until the set differs from the one that the agent has, or the time is over.</summary>
    /// <returns>Null when it is still the same.</returns>
    public async Task<(AssignmentsDocument Document, string ETag)?> WaitAsync(Hash32 coe, string? knownETag, TimeSpan wait, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            var changed = signals.Coe(coe).Next;
            var leases = market.LeasesOfCoe(coe).Where(static l => l.IsLive || l.State == LeaseState.Ending).ToList();
            var requests = logs.PendingOf(coe);
            string etag = ETagOf(leases, requests);
            if (etag != knownETag)
            {
                return (await DescribeAsync(coe, leases, requests, cancellationToken), etag);
            }

            var left = wait - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || signals.IsStopping)
            {
                return null;
            }

            try
            {
                await changed.WaitAsync(left, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
    }

    private async Task<AssignmentsDocument> DescribeAsync(
        Hash32 coe, List<LeaseRecord> leases, IReadOnlyList<LogRequest> requests, CancellationToken cancellationToken)
    {
        var assigned = await Task.WhenAll(leases.Select(lease => DescribeAsync(lease, market.Orders[lease.OrderHash].Order, cancellationToken)));
        return new AssignmentsDocument(coe, assigned, requests);
    }

    // The spec is empty when this control plane does not have it: agents keep the specs of what they run.
    private async Task<AssignmentDocument> DescribeAsync(LeaseRecord lease, OrderDocument order, CancellationToken cancellationToken) => new(
        lease.LeaseId, lease.OrderHash, lease.Service, lease.Replica, lease.Generation, order, lease.ImageDigest,
        await specs.FindAsync(order.Services[lease.Service].SpecHash, cancellationToken) ?? "", Stop: lease.State != LeaseState.Open);

    private static string ETagOf(IEnumerable<LeaseRecord> leases, IEnumerable<LogRequest> requests)
    {
        var text = new StringBuilder();
        foreach (var lease in leases)
        {
            text.Append(lease.LeaseId).Append(' ').Append(lease.State).Append(' ').Append(lease.FundedUntil).Append('\n');
        }

        foreach (var request in requests)
        {
            text.Append(request.RequestId).Append('\n');
        }

        return "\"" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16)) + "\"";
    }
}
