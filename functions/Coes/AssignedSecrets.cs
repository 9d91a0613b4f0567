using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Indexing;
using Dweb.Functions.Orders;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Coes;

/// <summary>Gives sealed bundles to the agents of COEs that have a lease with them, and to nobody else: what is not given cannot be opened later either.</summary>
internal sealed class AssignedSecrets(Market market, SpecStore specs, BundleStore bundles)
{
    /// <param name="bundle">Hash of the bundle, as it was sent.</param>
    /// <exception cref="DwebException">The COE has no lease with it, or this control plane does not have it.</exception>
    public async Task<byte[]> ReadAsync(Hash32 coe, string bundle, CancellationToken cancellationToken)
    {
        if (!Hash32.TryParse(bundle, out var hash))
        {
            throw new DwebException(Catalogue.InvalidValue, $"'{bundle}' is no hash of a bundle.", "bundle");
        }

        foreach (var lease in market.LeasesOfCoe(coe).Where(static lease => lease.IsLive))
        {
            var service = market.Orders[lease.OrderHash].Order.Services[lease.Service];
            if (!service.PlacementHash.IsZero && await specs.FindAsync(service.SpecHash, cancellationToken) is { } spec && ConfinedServices.SecretsOf(spec)?.Bundle == hash)
            {
                return await bundles.FindAsync(hash, cancellationToken)
                    ?? throw new DwebException(Catalogue.SecretsUnavailable, $"The sealed secrets {hash} are not here.", "bundle");
            }
        }

        throw new DwebException(Catalogue.Forbidden, $"No lease of COE {coe} has the secrets {hash}.", "bundle");
    }
}
