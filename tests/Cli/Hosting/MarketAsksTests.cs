using System.Numerics;
using Dweb.Cli.Hosting;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Cli.Tests.Hosting;

public sealed class MarketAsksTests
{
    private const byte Here = 0;
    private const byte Elsewhere = 6;
    private static readonly PriceVector Reference = new(9, 8, 7, 6, 5);
    private static readonly Hash32 Self = Keccak256.Hash("self");

    [Fact]
    public void Three_in_a_region_are_its_market_and_each_price_has_a_median_of_its_own()
    {
        var proposed = Propose(50, Coe(Here, 10, 3), Coe(Here, 20, 1), Coe(Here, 30, 2), Coe(Elsewhere, 1_000, 1_000));

        Assert.Equal([20, 2, 0, 0, 0], proposed.Asks.Select(static ask => (int)ask));
        Assert.Equal("the median of 3 COEs in eu-central", proposed.From);
    }

    [Fact]
    public void Where_a_region_has_fewer_all_are_asked()
    {
        var proposed = Propose(50, Coe(Here, 10, 0), Coe(Here, 20, 0), Coe(Elsewhere, 5, 0));

        Assert.Equal((BigInteger)10, proposed.Asks[0]);
        Assert.Equal("the median of all 3 COEs (2 in eu-central)", proposed.From);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(25, 10)]
    [InlineData(26, 20)]
    [InlineData(75, 30)]
    [InlineData(100, 40)]
    public void A_percentile_is_the_price_of_one_of_them(int percentile, int expected) =>
        Assert.Equal(expected, Propose(percentile, Coe(Here, 40, 0), Coe(Here, 10, 0), Coe(Here, 30, 0), Coe(Here, 20, 0)).Asks[0]);

    [Fact]
    public void Who_takes_no_lease_is_no_market_and_then_the_protocol_s_prices_stand()
    {
        var proposed = Propose(
            50, Coe(Here, 1, 1) with { Status = CoeStatus.Draining }, Coe(Here, 1, 1) with { AcceptsBook = false }, Coe(Here, 1, 1) with { OsRevoked = true }, Coe(Here, 1, 1) with { Coe = Self });

        Assert.Equal([9, 8, 7, 6, 5], proposed.Asks.Select(static ask => (int)ask));
        Assert.StartsWith("the protocol's reference prices", proposed.From, StringComparison.Ordinal);
    }

    private static AskProposal Propose(int percentile, params CoeOffer[] coes) => MarketAsks.Propose(new MarketSnapshot(1, 1, coes, Reference, 100, 15), Here, percentile, Self);

    private static CoeOffer Coe(byte region, uint cpu, uint memory) => new(
        Keccak256.Hash($"{region} {cpu} {memory}"), "x", CoeStatus.Active, region, new ResourceVector(1, 1, 1, 1, 1), ResourceVector.Zero, new PriceVector(cpu, memory, 0, 0, 0), 1, 0);
}
