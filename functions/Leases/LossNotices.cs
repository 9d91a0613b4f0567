using System.Globalization;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orchestrations;
using Dweb.Functions.Orders;

namespace Dweb.Functions.Leases;

/// <summary>Tells orders that a COE on which they have open leases is silent.</summary>
internal sealed class LossNotices(Market market, Heartbeats heartbeats, OrderNotices notices)
{
    /// <returns>The leases whose orders were told.</returns>
    public async Task<IReadOnlyList<LeaseRecord>> TellAsync(CoeSilence silence, CancellationToken cancellationToken)
    {
        var open = market.LeasesOfCoe(silence.Coe).Where(static lease => lease.State == LeaseState.Open).ToList();
        foreach (var lease in open)
        {
            string detail = string.Create(
                CultureInfo.InvariantCulture,
                $"Replica {lease.Replica} of service {lease.Service} was on COE {market.NameOfCoe(silence.Coe)}, which has not been heard for {heartbeats.SilentFor(silence.Coe).TotalSeconds:0.0} s.");
            await notices.RaiseAsync(new LeaseNotice(lease.LeaseId, LeaseNoticeKind.Lost, Detail: detail, DeadSince: silence.Since), lease.OrderHash, cancellationToken);
        }

        return open;
    }
}
