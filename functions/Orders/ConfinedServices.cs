using System.Text;
using System.Text.Json;
using Dweb.Core.Manifest;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Orders;

/// <param name="IsComplete">False while the spec of a confined service is not here; an agent or the user may bring it.</param>
internal sealed record ConfinedLists(IReadOnlyList<ServiceCoes> Lists, bool IsComplete);

/// <summary>On which COEs services may run because their secrets were sealed for these, as their specs say.</summary>
internal sealed class ConfinedServices(SpecStore specs)
{
    private static readonly ConfinedLists None = new([], IsComplete: true);

    /// <summary>Those of an order, of which this control plane may not have every spec.</summary>
    public async Task<ConfinedLists> ListAsync(IReadOnlyList<Service> services, CancellationToken cancellationToken)
    {
        var confined = services.Index().Where(static pair => !pair.Item.PlacementHash.IsZero).ToList();
        if (confined.Count == 0)
        {
            return None;
        }

        var lists = new List<ServiceCoes>();
        foreach (var (index, service) in confined)
        {
            if (await specs.FindAsync(service.SpecHash, cancellationToken) is { } spec && SecretsOf(spec) is { } secrets)
            {
                lists.Add(new ServiceCoes((ushort)index, [.. secrets.Coes]));
            }
        }

        return new ConfinedLists(lists, lists.Count == confined.Count);
    }

    /// <param name="specs">Of an order's services, in their order.</param>
    public static IReadOnlyList<ServiceCoes> Of(IReadOnlyList<ContainerSpec> specs) =>
        [.. specs.Index().Where(static pair => pair.Item.Secrets is not null).Select(static pair => new ServiceCoes((ushort)pair.Index, [.. pair.Item.Secrets!.Coes]))];

    /// <param name="spec">Canonical JSON, or whatever else a user has signed the hash of.</param>
    /// <returns>Null where it has none.</returns>
    public static SecretsSpec? SecretsOf(string spec)
    {
        try
        {
            return ContainerSpec.FromCanonicalJson(Encoding.UTF8.GetBytes(spec)).Secrets;
        }
        catch (JsonException)
        {
            // No agent runs it.
            return null;
        }
    }
}
