using Dweb.Core.Protocol.Errors;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Scheduling.Member;

/// <summary>What a member has read of its own chain node, and how long it waits for it.</summary>
internal sealed class MemberNode(ChainIndexer indexer, MarketHistory history, TimeProvider time)
{
    /// <summary>For a block that others have already.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The market after a block, as this member's own node has it.</summary>
    /// <exception cref="DwebException">The node does not get there in time, or the block is older than what is kept.</exception>
    public async Task<MarketState> ReachAsync(ulong block, CancellationToken cancellationToken)
    {
        await WaitAsync(block, cancellationToken);
        return history.At(block) ?? throw new DwebException(
            Catalogue.MemberRefused, $"It is of block {block}; this member still knows the market of blocks {history.Oldest.Block} to {history.Newest.Block}.", "evidence.block");
    }

    private async Task WaitAsync(ulong block, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (history.Newest.Block < block)
        {
            await indexer.CatchUpAsync(cancellationToken);
            if (history.Newest.Block >= block)
            {
                return;
            }

            if (time.GetElapsedTime(started) > Patience)
            {
                throw new DwebException(
                    Catalogue.MemberBehind, $"It is of block {block}; this member's chain node is at {indexer.Head.Number} and has not come there within {Patience.TotalSeconds:0} s.", "evidence.block");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
