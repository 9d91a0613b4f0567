using System.Numerics;
using Dweb.Core.Manifest.Secrets;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Manifest;

/// <summary>What an order needs beside its deployment.</summary>
public sealed record OrderInput
{
    public required EvmAddress User { get; init; }

    /// <summary>Digest of each service's image, by the service's name.</summary>
    public required IReadOnlyDictionary<string, Hash32> Images { get; init; }

    /// <summary>Ceiling for the resources whose price the user does not limit; usually <see cref="Ceilings.From"/> a quote.</summary>
    public required PriceVector DefaultCeiling { get; init; }

    /// <summary>Unix time in seconds, the chain's.</summary>
    public required ulong Now { get; init; }

    /// <summary>Tells two orders of the same content apart; random, or derived from what makes the order the same.</summary>
    public required Hash32 Salt { get; init; }

    /// <summary>Seconds for which the lease book reserves the rent of storage.</summary>
    public required uint Grace { get; init; }

    public ulong UserEpoch { get; init; }

    /// <summary>Seconds until which the order may be admitted and opened.</summary>
    public uint SubmitWithin { get; init; } = 600;

    /// <summary>Seconds from opening until a host that never ran is a no-show; no more than what is prepaid.</summary>
    public uint StartWithin { get; init; } = 900;

    /// <summary>Wei; the smaller of this and the file's own is signed, and without either the dearest that the ceilings allow.</summary>
    public UInt128? MaxTotal { get; init; }

    /// <summary>Sealed secrets of the services that use some, by the service's name; a service runs only on the COEs that they are sealed for.</summary>
    public IReadOnlyDictionary<string, SecretsSpec> Secrets { get; init; } = new Dictionary<string, SecretsSpec>(StringComparer.Ordinal);
}

/// <summary>An order ready to be signed, and the specs that its hashes name, in the order of the services.</summary>
public sealed record BuiltOrder(Order Order, IReadOnlyList<ContainerSpec> Specs);

/// <summary>Makes an order of a deployment. The same input gives the same order.</summary>
public static class OrderBuilder
{
    /// <exception cref="DwebException">image-not-minted when a service has no digest, invalid-value when the costs exceed 128 bits.</exception>
    public static BuiltOrder Build(Deployment deployment, OrderInput input)
    {
        var specs = deployment.Services.Select(service => service.ToSpec(DigestOf(service, input.Images), input.Secrets.GetValueOrDefault(service.Name))).ToList();
        var services = deployment.Services.Zip(specs, (service, spec) => ServiceOf(service, spec, input.DefaultCeiling)).ToList();
        var dearest = OrderCost.Max(services, deployment.Duration, deployment.MaxRoyaltyBps, deployment.MaxFeeBps, input.Grace);
        var caps = new[] { deployment.MaxTotal, input.MaxTotal }.OfType<UInt128>().ToList();
        var order = new Order(
            input.User, services, caps.Count == 0 ? Narrow(dearest) : caps.Min(), deployment.Duration, deployment.Prepay, input.Now + input.SubmitWithin,
            Math.Min(input.StartWithin, deployment.Prepay), deployment.MaxRoyaltyBps, deployment.MaxFeeBps, (byte)deployment.Upgrades, EvmAddress.Zero,
            input.UserEpoch, input.Salt);
        return new BuiltOrder(order, specs);
    }

    private static Service ServiceOf(ServicePlan plan, ContainerSpec spec, PriceVector fallback) => new(
        spec.ImageDigest, spec.Hash(), plan.Replicas, plan.Reserved, plan.MaxPrice.Or(fallback), plan.RegionMask, plan.MinStake,
        spec.Secrets is { } secrets ? PlacementPreferences.Of(secrets.Coes).Hash() : Hash32.Zero);

    private static Hash32 DigestOf(ServicePlan service, IReadOnlyDictionary<string, Hash32> images)
    {
        if (images.TryGetValue(service.Name, out var digest))
        {
            return service.Image.Digest is { } pinned && pinned != digest
                ? throw new DwebException(Catalogue.DigestMismatch, $"Service '{service.Name}' names {service.Image}, not the image 0x{digest.ToString()[2..]}.", service.Name)
                : digest;
        }

        return service.Image.Digest
            ?? throw new DwebException(Catalogue.ImageNotMinted, $"No minted image is known for '{service.Image}' of service '{service.Name}'.", service.Name);
    }

    private static UInt128 Narrow(BigInteger amount) => amount <= UInt128.MaxValue
        ? (UInt128)amount
        : throw new DwebException(Catalogue.InvalidValue, "The dearest case of the order does not fit 128 bits of wei; set max-total or lower prices.", "max-total");
}
