using System.Text;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orders;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Coes;

/// <summary>Takes specs that agents have kept of leases that the chain gives to their COE and that were assigned without one.</summary>
internal sealed class OfferedSpecs(Market market, MarketSignals signals, SpecStore specs, BundleStore bundles)
{
    public async Task TakeAsync(Hash32 coe, SpecOffer offer, CancellationToken cancellationToken)
    {
        var wanted = market.LeasesOfCoe(coe).Select(SpecHashOf).ToHashSet();
        var offered = (offer.Bundles ?? []).ToLookup(static bundle => Keccak256.Hash(bundle));
        foreach (string spec in offer.Specs)
        {
            var hash = Keccak256.Hash(Encoding.UTF8.GetBytes(spec));
            if (!wanted.Contains(hash) || await specs.FindAsync(hash, cancellationToken) is not null)
            {
                continue;
            }

            if (!await HasSecretsAsync(spec, offered, cancellationToken))
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

    /// <summary>A spec is here once its secrets are: without them nobody can run it, and whoever has both is asked for both.</summary>
    private async Task<bool> HasSecretsAsync(string spec, ILookup<Hash32, byte[]> offered, CancellationToken cancellationToken)
    {
        if (ConfinedServices.SecretsOf(spec) is not { } secrets)
        {
            return true;
        }

        if (offered[secrets.Bundle].FirstOrDefault() is { } bundle)
        {
            await bundles.PutAsync(secrets.Bundle, bundle, cancellationToken);
            return true;
        }

        return await bundles.ContainsAsync(secrets.Bundle, cancellationToken);
    }

    private Hash32 SpecHashOf(LeaseRecord lease) => market.Orders[lease.OrderHash].Order.Services[lease.Service].SpecHash;
}
