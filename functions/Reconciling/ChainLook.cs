using System.Runtime.ExceptionServices;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Reconciling;

/// <summary>The contracts as they were after the index's last block, with calls that are gathered.</summary>
/// <param name="Now">Unix time of that block.</param>
internal sealed record ViewsAtBlock(CallBatch Batch, LeaseBook LeaseBook, CoeRegistry CoeRegistry, BlockTag At, ulong Now);

/// <summary>
/// Compares records of the index with what the contracts say at the block that the index has come to. Nothing is judged by a block that is not on the chain
/// any more: then it is looked at anew.
/// </summary>
internal sealed class ChainLook(ChainClient chain, ChainContracts contracts, ChainIndexer indexer)
{
    private const int Attempts = 4;

    /// <param name="hold">Takes the records out of the index, while no block is read.</param>
    public async Task<Look> TakeAsync<T>(Func<T> hold, Func<T, ViewsAtBlock, Task<(ComparedCounts Compared, IReadOnlyList<Finding> Findings)>> compare, CancellationToken cancellationToken)
    {
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            await indexer.CatchUpAsync(cancellationToken);
            var (cursor, held) = await indexer.AtCursorAsync(cursor => Task.FromResult((cursor, hold())), cancellationToken);
            if (await FindAsync(cursor, cancellationToken) is not { } block)
            {
                continue;
            }

            var (judged, refused) = await TryAsync(() => compare(held, ViewsAt(block, cancellationToken)));
            if (await FindAsync(cursor, cancellationToken) is not null)
            {
                refused?.Throw();
                return new Look(cursor, judged.Compared, judged.Findings);
            }
        }

        throw new InvalidOperationException("Blocks were replaced faster than they could be compared; it is tried again.");
    }

    private ViewsAtBlock ViewsAt(BlockHead block, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var batch = new CallBatch(chain);
        return new ViewsAtBlock(
            batch, new LeaseBook(batch, contracts.LeaseBook.Address), new CoeRegistry(batch, contracts.CoeRegistry.Address), BlockTag.Number(block.Number), block.Timestamp);
    }

    /// <summary>A node refuses to read a block that it has no more: whether that is so is asked after it.</summary>
    private static async Task<(T Judged, ExceptionDispatchInfo? Refused)> TryAsync<T>(Func<Task<T>> compare)
        where T : struct
    {
        try
        {
            return (await compare(), null);
        }
        catch (RpcException refused)
        {
            return (default, ExceptionDispatchInfo.Capture(refused));
        }
    }

    /// <returns>Null when another block is in its place.</returns>
    private async Task<BlockHead?> FindAsync(IndexCursor cursor, CancellationToken cancellationToken) =>
        await chain.GetBlockAsync(BlockTag.Number(cursor.Block), cancellationToken) is { } block && block.Hash == cursor.BlockHash ? block : null;
}
