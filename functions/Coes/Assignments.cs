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
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(25);

    /// <summary>How long a request is held, 20 to 25 s at random: after a start all agents ask at once, and would so each time again.</summary>
    public static TimeSpan NextWait() => LongestWait * (1 - (0.2 * Random.Shared.NextDouble()));

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
            string[] known = await Task.WhenAll(leases.Select(lease => SpecOfAsync(lease, cancellationToken)));
            string etag = ETagOf(leases.Zip(known), requests);
            if (etag != knownETag)
            {
                return (new AssignmentsDocument(coe, [.. leases.Zip(known, Describe)], requests), etag);
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

    // Empty when this control plane does not have it: agents keep the specs of what they run, and offer them.
    private async Task<string> SpecOfAsync(LeaseRecord lease, CancellationToken cancellationToken) =>
        await specs.FindAsync(market.Orders[lease.OrderHash].Order.Services[lease.Service].SpecHash, cancellationToken) ?? "";

    private AssignmentDocument Describe(LeaseRecord lease, string spec) => new(
        lease.LeaseId, lease.OrderHash, lease.Service, lease.Replica, lease.Generation, market.Orders[lease.OrderHash].Order, lease.ImageDigest, spec,
        Stop: lease.State != LeaseState.Open);

    private static string ETagOf(IEnumerable<(LeaseRecord Lease, string Spec)> leases, IEnumerable<LogRequest> requests)
    {
        var text = new StringBuilder();
        foreach (var (lease, spec) in leases)
        {
            text.Append(lease.LeaseId).Append(' ').Append(lease.State).Append(' ').Append(lease.FundedUntil).Append(spec.Length == 0 ? " -\n" : "\n");
        }

        foreach (var request in requests)
        {
            text.Append(request.RequestId).Append('\n');
        }

        return "\"" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16)) + "\"";
    }
}
