using System.Numerics;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Resources;

namespace Dweb.Core.Metering;

/// <summary>What a placement would cost if it were opened on its snapshot.</summary>
public static class QuoteBuilder
{
    /// <param name="royaltyBps">Of an image by its digest.</param>
    public static QuoteView Build(MarketSnapshot snapshot, PlacementRequest request, PlacementResult result, Func<Hash32, ushort> royaltyBps)
    {
        var offers = snapshot.Coes.ToDictionary(static offer => offer.Coe);
        var replicas = result.Choices.Select(choice => Line(snapshot, request, choice, offers, royaltyBps)).ToList();
        var problems = result.Unplaced.Select(static replica =>
            new QuoteProblem(replica.Slot.Service, replica.Slot.Replica, Catalogue.NoCapacity.Code, replica.Explain()));
        return new QuoteView(
            replicas,
            replicas.Aggregate(BigInteger.Zero, static (sum, r) => sum + r.HostPerSecond + r.RoyaltyPerSecond + r.FeePerSecond),
            replicas.Aggregate(BigInteger.Zero, static (sum, r) => sum + r.Total),
            replicas.Aggregate(BigInteger.Zero, static (sum, r) => sum + r.Reserve),
            [.. problems]);
    }

    private static QuotedReplica Line(
        MarketSnapshot snapshot, PlacementRequest request, PlacementChoice choice, Dictionary<Hash32, CoeOffer> offers, Func<Hash32, ushort> royaltyBps)
    {
        var service = request.Services[choice.Slot.Service];
        var offer = offers[choice.Coe];
        var cheapest = offers[choice.Cheapest];
        LeaseTerms TermsOf(CoeOffer of) => Rates.Lock(of.Ask, snapshot.ReferencePrices, service.Reserved, royaltyBps(service.ImageDigest), snapshot.FeeBps);
        BigInteger TotalOf(LeaseTerms of) => Charge.Of(of, request.Duration, of.AllowanceMiB).Total;
        var terms = TermsOf(offer);
        var second = Charge.Of(terms, seconds: 1, transferMiB: 0);
        return new QuotedReplica(
            choice.Slot.Service, choice.Slot.Replica, offer.Coe, offer.Name, Region.NameOf(offer.Region), terms.HostRate, terms.BaseRate, terms.RoyaltyBps,
            terms.FeeBps, second.Host, second.Royalty, second.Fee, TotalOf(terms), terms.Reserve(snapshot.Grace),
            PriceShares.Of(offer.Ask, snapshot.ReferencePrices, service.Reserved, terms), choice.Considered, choice.Able,
            new QuotedOffer(cheapest.Coe, cheapest.Name, TotalOf(TermsOf(cheapest))));
    }
}
