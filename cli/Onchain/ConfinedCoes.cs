using System.Text.Json;
using Dweb.Cli.ControlPlane;
using Dweb.Core.Manifest;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;

namespace Dweb.Cli.Onchain;

/// <summary>On which COEs services of a plan may run. The chain has the hash of the list, the spec has the list, and whoever gives the spec cannot change it.</summary>
internal static class ConfinedCoes
{
    /// <exception cref="DwebException">The control plane does not have the spec, or gives another.</exception>
    public static async Task<IReadOnlyList<ServiceCoes>> ReadAsync(CarriedOutPlan plan, ControlPlaneClient api, CancellationToken cancellationToken)
    {
        var lists = new List<ServiceCoes>();
        foreach (ushort service in plan.Places.Keys.Select(static slot => slot.Service).Distinct())
        {
            var signed = plan.ServiceAt(service);
            if (!signed.PlacementHash.IsZero)
            {
                byte[] spec = await api.GetBytesAsync($"/api/specs/{signed.SpecHash}", cancellationToken);
                lists.Add(Keccak256.Hash(spec) == signed.SpecHash && CoesOf(spec) is { } coes && Confinement.IsOf(signed, coes) ? new ServiceCoes(service, coes) : throw new DwebException(
                    Catalogue.SpecMismatch, $"The control plane's spec of service {service} does not say on which COEs it may run, as its user signed it."));
            }
        }

        return lists;
    }

    private static IReadOnlyList<Hash32>? CoesOf(byte[] spec)
    {
        try
        {
            return ContainerSpec.FromCanonicalJson(spec).Secrets is { } secrets ? [.. secrets.Coes] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
