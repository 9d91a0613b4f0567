using System.Text;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Coes;

/// <summary>Takes specs that agents have kept of leases that the chain gives to their COE and that were assigned without one.</summary>
internal sealed class OfferedSpecs(Market market, MarketSignals signals, SpecStore specs)
{
    public async Task TakeAsync(Hash32 coe, SpecOffer offer, CancellationToken cancellationToken)
    {
        var wanted = market.LeasesOfCoe(coe).Select(SpecHashOf).ToHashSet();
        foreach (string spec in offer.Specs)
        {
            var hash = Keccak256.Hash(Encoding.UTF8.GetBytes(spec));
            if (!wanted.Contains(hash) || await specs.FindAsync(hash, cancellationToken) is not null)
            {
                continue;
            }

            await specs.PutAsync(hash, spec, cancellationToken);
            foreach (var lease in market.Leases.Where(lease => SpecHashOf(lease) == hash))
            {
                signals.Coe(lease.Coe).Raise();
                signals.Order(lease.OrderHash).Raise();
            }
        }
    }

    private Hash32 SpecHashOf(LeaseRecord lease) => market.Orders[lease.OrderHash].Order.Services[lease.Service].SpecHash;
}
