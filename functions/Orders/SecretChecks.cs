using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Orders;

/// <summary>Checks of an order's sealed secrets that need nothing but the request. Whether they can be opened, their agents find.</summary>
internal static class SecretChecks
{
    /// <param name="specs">Of the order's services, in their order.</param>
    /// <param name="bundles">One for each spec that has secrets, in the order of these.</param>
    /// <exception cref="DwebException">Something is missing, too much, too large, or not what was signed.</exception>
    public static void Require(Order order, IReadOnlyList<ContainerSpec> specs, IReadOnlyList<byte[]> bundles)
    {
        int next = 0;
        for (int i = 0; i < specs.Count; i++)
        {
            RequirePlacement(order.Services[i], specs[i].Secrets, $"order.services[{i}].placementHash");
            if (specs[i].Secrets is { } secrets)
            {
                RequireBundle(secrets, next < bundles.Count ? bundles[next] : null, specs[i].Service, $"bundles[{next}]");
                next++;
            }
        }

        if (bundles.Count > next)
        {
            throw new DwebException(Catalogue.InvalidValue, $"The specs name {next} bundles of secrets; {bundles.Count} came with them.", $"bundles[{next}]");
        }

        if (bundles.Sum(static bundle => (long)bundle.Length) is var total and > SealedSecrets.MostBundleBytes)
        {
            throw new DwebException(Catalogue.SecretsTooLarge, $"The sealed secrets have {total} bytes; an order holds {SealedSecrets.MostBundleBytes}.", "bundles");
        }
    }

    private static void RequirePlacement(Service service, SecretsSpec? secrets, string field)
    {
        bool holds = secrets is null ? service.PlacementHash.IsZero : Confinement.IsOf(service, [.. secrets.Coes]);
        if (!holds)
        {
            string expected = secrets is null ? "it has no secrets, which are the only reason for one" : $"the COEs that its secrets are sealed for hash to {PlacementPreferences.Of(secrets.Coes).Hash()}";
            throw new DwebException(Catalogue.InvalidValue, $"The service's placement hash is {service.PlacementHash}; {expected}.", field);
        }
    }

    private static void RequireBundle(SecretsSpec secrets, byte[]? bundle, string service, string field)
    {
        if (bundle is null)
        {
            throw new DwebException(Catalogue.SecretsMismatch, $"The sealed secrets of service '{service}' did not come with the order.", field);
        }

        if (Keccak256.Hash(bundle) is var hash && hash != secrets.Bundle)
        {
            throw new DwebException(Catalogue.SecretsMismatch, $"The sealed secrets of service '{service}' hash to {hash}; signed was {secrets.Bundle}.", field);
        }
    }
}
