using Dweb.Core.Placement;
using Dweb.Core.Resources;

namespace Dweb.Functions.Indexing;

/// <summary>What placement reads of the chain, as it was after one block; it never changes.</summary>
/// <param name="Timestamp">Of that block, Unix seconds.</param>
internal sealed record MarketState(ulong Block, ulong Timestamp, IReadOnlyList<CoeRecord> Coes, GovernedTerms Governed)
{
    /// <param name="grace">Seconds for which the lease book reserves the rent of storage.</param>
    public MarketSnapshot ToSnapshot(uint grace) => new(
        Block,
        Timestamp,
        [.. Coes.Select(coe => new CoeOffer(
            coe.Coe, coe.Name, coe.Status, coe.Region, ResourceVector.FromList(coe.Capacity), ResourceVector.FromList(coe.Assigned),
            PriceVector.FromList(coe.AskAt(Timestamp)), coe.Stake, coe.Locked)
        {
            OsRevoked = coe.OsRevoked,
            AcceptsBook = coe.AcceptsBook,
        })],
        Governed.ReferencePrices,
        Governed.FeeBps,
        grace);
}

/// <summary>The market after each of the last blocks that were read. Whoever asks meanwhile gets a whole one, never one that is half of the next block.</summary>
internal sealed class MarketHistory
{
    /// <summary>Blocks that are kept.</summary>
    public const int Depth = 64;

    private IReadOnlyList<MarketState> states = [];
    private bool isStale;

    /// <summary>The last one; there is one before anybody asks.</summary>
    public MarketState Newest => Volatile.Read(ref states)[^1];

    public MarketState Oldest => Volatile.Read(ref states)[0];

    public bool IsEmpty => Volatile.Read(ref states).Count == 0;

    /// <returns>Null when that block was not read by itself, or is older than what is kept.</returns>
    public MarketState? At(ulong block) => Volatile.Read(ref states).FirstOrDefault(state => state.Block == block);

    /// <summary>Takes the market after a block; after one that is no later than the newest nothing counts that was read of a chain that is gone. One writer, the indexer.</summary>
    /// <param name="changed">Whether a COE is another than after the block before.</param>
    public void Add(ulong block, ulong timestamp, Market market, bool changed)
    {
        var earlier = IsEmpty || block <= Newest.Block ? [] : states;
        var coes = changed || isStale || earlier.Count == 0 ? [.. market.Coes.Values] : Newest.Coes;
        isStale = false;
        Volatile.Write(ref states, [.. earlier.TakeLast(Depth - 1), new MarketState(block, timestamp, coes, market.Governed)]);
    }

    /// <summary>COEs are others now than the blocks told: the market after the next block takes them all anew.</summary>
    public void Renew() => isStale = true;

    /// <summary>Forgets the markets of blocks that were replaced; one is left for those who ask meanwhile.</summary>
    public void GoBackTo(ulong block)
    {
        var kept = states.Where(state => state.Block <= block).ToList();
        Volatile.Write(ref states, kept.Count > 0 ? kept : [.. states.TakeLast(1)]);
        isStale = true;
    }
}
