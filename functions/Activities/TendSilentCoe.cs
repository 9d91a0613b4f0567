using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Leases;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Activities;

/// <summary>Tells the orders of a COE that is silent still. Run twice, it says the same news again, which is heard once.</summary>
internal sealed class TendSilentCoe(Heartbeats heartbeats, ChainIndexer indexer, Market market, LossNotices losses)
{
    public async Task<CoeStanding> RunAsync(CoeSilence silence, CancellationToken cancellationToken)
    {
        if (heartbeats.IsLive(silence.Coe))
        {
            return CoeStanding.Heard;
        }

        await indexer.CatchUpAsync(cancellationToken);
        if (!market.LeasesOfCoe(silence.Coe).Any(static lease => lease.State == LeaseState.Open))
        {
            return CoeStanding.Vacated;
        }

        if (heartbeats.IsLost(silence.Coe))
        {
            await losses.TellAsync(silence, cancellationToken);
        }

        return CoeStanding.Silent;
    }
}
