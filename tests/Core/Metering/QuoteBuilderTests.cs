using System.Numerics;
using Dweb.Core.Metering;
using Dweb.Core.Placement;
using Dweb.Core.Resources;
using Dweb.Core.Tests.Placement;

namespace Dweb.Core.Tests.Metering;

public sealed class QuoteBuilderTests
{
    [Fact]
    public void A_quotes_total_and_reserve_are_what_the_chain_would_ring_fence()
    {
        var service = Market.Service(2, new ResourceVector(1000, 1024, 10_000, 0, 1));
        var ask = Market.Cheap with { Storage = 1_000_000 };
        var snapshot = Market.Of(Market.Coe(1, ask), Market.Coe(2, ask));
        var request = Market.Request(service);
        var quote = QuoteBuilder.Build(snapshot, request, Placer.Place(snapshot, Market.AllLive, request), static _ => 500);
        var terms = Rates.Lock(ask, Market.Reference, service.Reserved, 500, snapshot.FeeBps);
        Assert.Equal(2, quote.Replicas.Count);
        Assert.All(quote.Replicas, line => Assert.Equal(OrderCost.Fenced(terms, 3600, snapshot.Grace), line.Total + line.Reserve));
        Assert.All(quote.Replicas, static line => Assert.Equal((500, 100), (line.RoyaltyBps, line.FeeBps)));
        Assert.Equal(quote.Replicas.Aggregate(BigInteger.Zero, static (sum, line) => sum + line.Total), quote.Total);
        Assert.Equal(2 * terms.Reserve(snapshot.Grace), quote.Reserve);
        Assert.False(quote.Reserve.IsZero);
        Assert.Equal(2 * Charge.Of(terms, 1, 0).Total, quote.PerSecond);
        Assert.Empty(quote.Problems);
    }

    [Fact]
    public void What_cannot_be_placed_is_a_problem_of_the_quote()
    {
        var snapshot = Market.Of(Market.Coe(1));
        var request = Market.Request(Market.Service(1, new ResourceVector(64_000, 0, 0, 0, 0)));
        var quote = QuoteBuilder.Build(snapshot, request, Placer.Place(snapshot, Market.AllLive, request), static _ => 0);
        var problem = Assert.Single(quote.Problems);
        Assert.Equal(("no-capacity", "None of 1 COEs can take it: 1 without the free capacity."), (problem.Code, problem.Message));
        Assert.Equal(BigInteger.Zero, quote.Total);
    }

    [Fact]
    public void The_parts_of_resources_add_up_to_what_the_chain_charges_and_the_cheapest_is_named()
    {
        var service = Market.Service(1, new ResourceVector(333, 77, 10_001, 7, 3));
        var snapshot = Market.Of(Market.Coe(1, Market.Cheap with { Cpu = Market.Cheap.Cpu + 7, Storage = 333_333 }), Market.Coe(2, Market.Cheap), Market.Coe(3, Market.Cheap));
        var request = Market.Request(service);
        var quote = QuoteBuilder.Build(snapshot, request, Placer.Place(snapshot, Liveness.AllBut([snapshot.Coes[1].Coe]), request), static _ => 512);

        var line = Assert.Single(quote.Replicas);
        var bySecond = line.Resources.Take(4).ToList();
        BigInteger Sum(Func<Dweb.Core.Protocol.Http.QuotedResource, BigInteger> part) => bySecond.Aggregate(BigInteger.Zero, (sum, r) => sum + part(r));
        Assert.Equal((line.HostPerSecond, line.RoyaltyPerSecond, line.FeePerSecond), (Sum(static r => r.Host), Sum(static r => r.Royalty), Sum(static r => r.Fee)));
        var transfer = line.Resources[4];
        Assert.Equal(line.Total, ((line.HostPerSecond + line.RoyaltyPerSecond + line.FeePerSecond) * request.Duration) + transfer.Host + transfer.Royalty + transfer.Fee);
        Assert.Equal((3, 2, snapshot.Coes[2].Coe), (line.Considered, line.Able, line.Cheapest.Coe));
        Assert.True(line.Cheapest.Total <= line.Total);
        var choice = Assert.Single(Placer.Place(snapshot, Liveness.AllBut([snapshot.Coes[1].Coe]), request).Choices);
        Assert.Equal((snapshot.Coes[2].Coe, "the cheapest of 2 that can take it; of 3 COEs 1 not heard from"), (choice.Coe, choice.Explain()));
    }

    [Fact]
    public void Where_nothing_is_asked_the_least_rate_is_still_told()
    {
        var terms = Rates.Lock(default, default, new ResourceVector(100, 0, 0, 0, 0), 0, 100);
        var parts = PriceShares.Of(default, default, new ResourceVector(100, 0, 0, 0, 0), terms);
        Assert.Equal(Charge.Of(terms, 1, 0).Total, parts.Aggregate(BigInteger.Zero, static (sum, r) => sum + r.Host + r.Royalty + r.Fee));
        Assert.False(parts[0].Host.IsZero);
    }
}
