using System.Numerics;
using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Cli.Hosting;

/// <param name="Asks">Wei, in the order of the resources.</param>
/// <param name="From">Where they come from, to follow "asks: ".</param>
internal sealed record AskProposal(IReadOnlyList<BigInteger> Asks, string From);

/// <summary>What a new COE could ask, from what the others ask; no I/O.</summary>
internal static class MarketAsks
{
    public const int UsualPercentile = 50;

    /// <summary>Fewer than these in a region are no market of its own.</summary>
    public const int Fewest = 3;

    /// <summary>
    /// Each price is the percentile (nearest rank) of the prices of all COEs that take leases: those of the region where there are <see cref="Fewest"/> or more,
    /// else all. Where there is none, the protocol's reference prices, from which royalties are counted.
    /// </summary>
    /// <param name="self">Not counted.</param>
    /// <param name="percentile">1 to 100.</param>
    public static AskProposal Propose(MarketSnapshot market, byte region, int percentile, Hash32 self)
    {
        CoeOffer[] all = [.. market.Coes.Where(coe => coe is { Status: CoeStatus.Active, AcceptsBook: true, OsRevoked: false } && coe.Coe != self)];
        if (all.Length == 0)
        {
            return new AskProposal(market.ReferencePrices.ToList(), "the protocol's reference prices: there is no other COE that takes leases");
        }

        CoeOffer[] near = [.. all.Where(coe => coe.Region == region)];
        bool ownMarket = near.Length >= Fewest;
        CoeOffer[] others = ownMarket ? near : all;
        string rank = percentile == UsualPercentile ? "the median" : $"percentile {percentile}";
        string whose = ownMarket ? $"of {near.Length} COEs in {Region.NameOf(region)}" : $"of all {all.Length} COEs ({near.Length} in {Region.NameOf(region)})";
        return new AskProposal([.. Enumerable.Range(0, ResourceVector.Count).Select(i => Percentile(others.Select(coe => coe.Ask[i]), percentile))], $"{rank} {whose}");
    }

    private static BigInteger Percentile(IEnumerable<UInt128> prices, int percentile)
    {
        UInt128[] sorted = [.. prices.Order()];
        return sorted[((sorted.Length * percentile) + 99) / 100 - 1];
    }
}
