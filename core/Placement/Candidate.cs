using System.Numerics;
using Dweb.Core.Metering;
using Dweb.Core.Placement.Filters;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Placement;

/// <summary>A COE while one request is being placed: its offer, and what the request has already given it.</summary>
internal sealed class Candidate
{
    private readonly ServicePrice[] prices;
    private readonly int[] replicasOfService;

    public Candidate(CoeOffer offer, MarketSnapshot snapshot, PlacementRequest request)
    {
        Offer = offer;
        Free = Remaining(offer.Capacity, offer.Assigned);
        FreeStake = offer.Stake - offer.Locked;
        prices = [.. request.Services.Select(service => ServicePrice.Of(offer, snapshot, service, request.Duration))];
        replicasOfService = new int[request.Services.Count];
        foreach (var running in request.Running.Where(running => running.Coe == offer.Coe))
        {
            replicasOfService[running.Service]++;
            ReplicasOfOrder++;
        }
    }

    public CoeOffer Offer { get; }

    public ResourceVector Free { get; private set; }

    /// <summary>Wei of stake that answers for no lease yet.</summary>
    public BigInteger FreeStake { get; private set; }

    public int ReplicasOfOrder { get; private set; }

    public int ReplicasOf(ushort service) => replicasOfService[service];

    public ServicePrice PriceOf(ushort service) => prices[service];

    public void Take(ushort service, ResourceVector reserved)
    {
        Free -= reserved;
        FreeStake -= prices[service].Terms!.Bond;
        replicasOfService[service]++;
        ReplicasOfOrder++;
    }

    // What does not subtract is refused by the capacity filter.
    private static ResourceVector Remaining(ResourceVector capacity, ResourceVector assigned) => ResourceVector.FromList(
        [.. Enumerable.Range(0, ResourceVector.Count).Select(i => capacity[i] > assigned[i] ? capacity[i] - assigned[i] : 0)]);
}

/// <summary>What one replica of a service would cost on a COE; null terms where the chain could not even hold them.</summary>
/// <param name="Cost">Wei for the request's duration with the whole allowance of transfer, fee included, royalty not: it is the same everywhere.</param>
/// <param name="WithinCeiling">Whether the user's ceiling allows the COE's ask.</param>
internal sealed record ServicePrice(LeaseTerms? Terms, BigInteger Cost, bool WithinCeiling)
{
    public static ServicePrice Of(CoeOffer offer, MarketSnapshot snapshot, Service service, uint duration)
    {
        _ = Rates.TryLock(offer.Ask, snapshot.ReferencePrices, service.Reserved, royaltyBps: 0, snapshot.FeeBps, out var terms);
        var cost = terms is null ? BigInteger.Zero : Charge.Of(terms, duration, terms.AllowanceMiB).Total;
        return new ServicePrice(terms, cost, Ceiling.Allows(service, offer.Ask));
    }
}
