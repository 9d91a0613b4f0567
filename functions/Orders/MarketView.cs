using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Core.Resources;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Orders;

/// <summary>What placement reads: the market as far as the chain was read, and who is heard.</summary>
internal sealed class MarketView(Market market, ChainIndexer indexer, ProtocolParameters parameters, Heartbeats heartbeats)
{
    public MarketSnapshot Snapshot() => new(
        indexer.Indexed,
        indexer.Head.Timestamp,
        [.. market.Coes.Values.Select(coe => new CoeOffer(
            coe.Coe, coe.Name, coe.Status, coe.Region, ResourceVector.FromList(coe.Capacity), ResourceVector.FromList(coe.Assigned),
            PriceVector.FromList(coe.AskAt(indexer.Head.Timestamp)), coe.Stake, coe.Locked)
        {
            OsRevoked = coe.OsRevoked,
            AcceptsBook = coe.AcceptsBook,
        })],
        market.Governed.ReferencePrices,
        market.Governed.FeeBps,
        parameters.Grace);

    /// <summary>COEs that were heard lately.</summary>
    public Liveness Heard() => Liveness.Of(market.Coes.Keys.Where(heartbeats.IsLive));

    /// <summary>The same, and those that may still be heard because this process has only just started.</summary>
    public Liveness NotLost() => Liveness.Of(market.Coes.Keys.Where(coe => !heartbeats.IsLost(coe)));

    /// <summary>Basis points of an image's royalty.</summary>
    public ushort RoyaltyOf(Hash32 manifestDigest) => market.Images.TryGetValue(manifestDigest, out var image) ? image.RoyaltyBps : (ushort)0;
}
