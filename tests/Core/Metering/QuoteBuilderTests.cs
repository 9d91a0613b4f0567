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
}
