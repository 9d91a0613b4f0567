using Dweb.Core.Placement;
using Dweb.Core.Protocol;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Scheduling;

namespace Dweb.Functions.Orders;

/// <summary>What placement reads: the market after the newest block that was read, and who is heard.</summary>
internal sealed class MarketView(Market market, MarketHistory history, ProtocolParameters parameters, Heartbeats heartbeats)
{
    public MarketSnapshot Snapshot() => history.Newest.ToSnapshot(parameters.Grace);

    /// <summary>COEs that were heard lately.</summary>
    public Liveness Heard() => Liveness.Of(market.Coes.Keys.Where(heartbeats.IsLive));

    /// <summary>The same, as others corrected it.</summary>
    public Liveness Heard(HearingCorrections corrections) => Liveness.Of(market.Coes.Keys.Where(coe => corrections.IsHeard(coe, heartbeats.IsLive(coe))));

    /// <summary>The same, and those that may still be heard because this process has only just started, or has stood still.</summary>
    public Liveness NotLost() => Liveness.Of(market.Coes.Keys.Where(coe => !heartbeats.HasHeardAll || heartbeats.IsLive(coe)));

    /// <summary>Basis points of an image's royalty.</summary>
    public ushort RoyaltyOf(Hash32 manifestDigest) => market.Images.TryGetValue(manifestDigest, out var image) ? image.RoyaltyBps : (ushort)0;
}
