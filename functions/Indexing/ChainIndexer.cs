using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Hosting;

namespace Dweb.Functions.Indexing;

/// <summary>
/// Reads the chain's logs into the market, block by block: memory, then rows, then those who wait, then the cursor. A crash anywhere repeats a
/// range that may be repeated. When blocks under the cursor were replaced, the market goes back to the newest block that is still there; where that is too
/// far back, or this process has only just started, everything is read again.
/// </summary>
internal sealed partial class ChainIndexer(
    ChainClient chain, ChainContracts contracts, Market market, MarketHistory history, IIndexStore store, MarketSignals signals, IEnumerable<IChainWatcher> watchers,
    IndexPace pace, Outages outages, TimeProvider time, ILogger<ChainIndexer> logger) : BackgroundService
{
    /// <summary>Blocks whose logs are asked for at a time.</summary>
    public const ulong LargestRange = 2_000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private readonly Projection projection = new(contracts, market);
    private readonly SemaphoreSlim reading = new(1, 1);
    private readonly SemaphoreSlim poke = new(0);
    private readonly TaskCompletionSource initialised = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<MarketKey> toStore = [];
    private readonly HashSet<Hash32> toTell = [];
    private IndexCursor? cursor;

    /// <summary>The newest block seen. Chain time is its timestamp.</summary>
    public BlockHead Head { get; private set; } = new(0, Hash32.Zero, Hash32.Zero, 0, 0);

    public ulong Indexed => cursor?.Block ?? 0;

    /// <summary>Loads what was read before and reads the rest.</summary>
    public async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        await store.InitialiseAsync(cancellationToken);
        cursor = await store.LoadAsync(market, cancellationToken);
        MarkRead();
        market.Governed = await GovernedTerms.ReadAsync(contracts, BlockTag.Latest, cancellationToken);
        await ReadToHeadAsync(cancellationToken);
        if (history.IsEmpty)
        {
            // All that there is was stored by an earlier process.
            history.Add(Head.Number, Head.Timestamp, market, changed: true);
        }

        initialised.SetResult();
    }

    /// <summary>Makes the next read happen now.</summary>
    public void Poke()
    {
        if (poke.CurrentCount == 0)
        {
            poke.Release();
        }
    }

    /// <summary>Shows what a transaction of our own did before its block is read, so that agents learn of their leases at once.</summary>
    public void ShowEarly(TransactionReceipt receipt)
    {
        var changes = new Changes();
        projection.Apply(receipt.Logs, changes, receipt.BlockNumber);
        Announce(changes);
        Poke();
    }

    /// <summary>Does something while no block is read: the market is that of the cursor, but for what was shown early.</summary>
    public async Task<T> AtCursorAsync<T>(Func<IndexCursor, Task<T>> action, CancellationToken cancellationToken)
    {
        await initialised.Task.WaitAsync(cancellationToken);
        await reading.WaitAsync(cancellationToken);
        try
        {
            return await action(cursor!);
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>Reads up to the head, once what was read before is loaded.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await initialised.Task.WaitAsync(cancellationToken);
        await ReadToHeadAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await initialised.Task.WaitAsync(stoppingToken);
            while (true)
            {
                await poke.WaitAsync(PollInterval, stoppingToken);
                await TryCatchUpAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    public override void Dispose()
    {
        reading.Dispose();
        poke.Dispose();
        base.Dispose();
    }

    private async Task ReadToHeadAsync(CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            Head = await chain.GetHeadAsync(cancellationToken);
            outages.Answered(OutsidePart.Chain);
            await CheckCursorAsync(cancellationToken);
            while (Indexed < Head.Number)
            {
                await ReadRangeAsync(cancellationToken);
            }
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task TryCatchUpAsync(CancellationToken stoppingToken)
    {
        try
        {
            await CatchUpAsync(stoppingToken);
        }
#pragma warning disable CA1031 // Chain or storage may be away for a while; the next poll repeats the range.
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!outages.Explain(failure))
            {
                LogReadFailed(logger, failure, Indexed);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken);
        }
    }

    private async Task CheckCursorAsync(CancellationToken cancellationToken)
    {
        ulong start = contracts.Addresses.Block == 0 ? 0 : contracts.Addresses.Block - 1;
        if (cursor is not { } known)
        {
            cursor = new IndexCursor(start, Hash32.Zero);
        }
        else if (known.Block > Head.Number || (known.Block == Head.Number ? Head.Hash != known.BlockHash : Head.ParentHash != known.BlockHash))
        {
            var block = known.BlockHash.IsZero ? null : await chain.GetBlockAsync(BlockTag.Number(known.Block), cancellationToken);
            if (!known.BlockHash.IsZero && block?.Hash != known.BlockHash)
            {
                LogReplaced(logger, known.Block);
                await GoBackAsync(start, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Memory, rows, those who wait, the cursor: in this order, so that a crash anywhere finds a cursor that is not on the chain and reads all again. What a
    /// failure left out is done by the next try, when memory has gone back already.
    /// </summary>
    private async Task GoBackAsync(ulong start, CancellationToken cancellationToken)
    {
        if (await FindCommonAsync(cancellationToken) is var (common, touched))
        {
            LogWentBack(logger, common.Block);
            toStore.UnionWith(touched);
            toTell.UnionWith(touched.Select(static key => key.Order).OfType<Hash32>());
            await store.SaveAsync(market, toStore, cancellationToken);
        }
        else
        {
            LogReadAgain(logger);
            toTell.UnionWith(market.Orders.Keys);
            await store.ClearAsync(cancellationToken);
            market.Clear();
            common = new IndexCursor(start, Hash32.Zero);
        }

        history.GoBackTo(common.Block);
        market.Governed = await GovernedTerms.ReadAsync(contracts, BlockTag.Latest, cancellationToken);
        foreach (var watcher in watchers)
        {
            await watcher.OnWentBackAsync(common.Block, Head.Hash, [.. toTell], cancellationToken);
        }

        cursor = common;
        toStore.Clear();
        toTell.Clear();
        await store.SaveAsync(cursor, cancellationToken);
    }

    private async Task<(IndexCursor Common, IReadOnlyCollection<MarketKey> Touched)?> FindCommonAsync(CancellationToken cancellationToken)
    {
        foreach (var mark in market.Journal.Marks.Where(mark => mark.Block <= Head.Number && !mark.BlockHash.IsZero))
        {
            var block = await chain.GetBlockAsync(BlockTag.Number(mark.Block), cancellationToken);
            if (block?.Hash == mark.BlockHash && market.Journal.GoBackTo(mark) is { } touched)
            {
                return (mark, touched);
            }
        }

        return null;
    }

    private async Task ReadRangeAsync(CancellationToken cancellationToken)
    {
        ulong last = LastOfRange();
        var filter = new LogFilter
        {
            From = BlockTag.Number(Indexed + 1),
            To = BlockTag.Number(last),
            Addresses =
            [
                contracts.LeaseBook.Address, contracts.CoeRegistry.Address, contracts.CoeOsRegistry.Address, contracts.ContainerRegistry.Address,
                contracts.CodeRegistry.Address, contracts.ProtocolSettings.Address, contracts.SchedulerCommittee.Address,
            ],
        };
        var logs = await chain.GetLogsAsync(filter, cancellationToken);
        var changes = new Changes();
        projection.Apply(logs, changes, last);
        ulong stateAt = StateBlockOf(last);
        await Task.WhenAll(changes.Coes.Select(coe => ReadCoeAsync(coe, stateAt, cancellationToken)));
        await Task.WhenAll(changes.Channels.Values.Select(channel => ReadChannelAsync(channel.Publisher, channel.Name, stateAt, cancellationToken)));
        await Task.WhenAll(changes.Settled.Select(lease => ReadSettledAsync(lease, stateAt, cancellationToken)));
        changes.Leases.UnionWith(changes.Settled);
        if (changes.Governed)
        {
            market.Governed = await GovernedTerms.ReadAsync(contracts, BlockTag.Number(stateAt), cancellationToken);
        }

        Announce(changes);
        await store.SaveAsync(market, changes.Keys, cancellationToken);
        foreach (var watcher in watchers)
        {
            await watcher.OnLogsAsync(logs, cancellationToken);
        }

        var block = last == Head.Number ? Head : (await chain.GetBlockAsync(BlockTag.Number(last), cancellationToken))!;
        history.Add(last, block.Timestamp, market, changes.Coes.Count > 0);
        cursor = new IndexCursor(last, block.Hash);
        await store.SaveAsync(cursor, cancellationToken);
        MarkRead();
    }

    // Far from the head nothing is replaced any more, and what was there before need not be remembered.
    private void MarkRead()
    {
        if (Head.Number == 0 || Head.Number - Math.Min(Head.Number, Indexed) > MarketJournal.MostMarks)
        {
            market.Journal.Clear();
        }

        if (cursor is { } read)
        {
            market.Journal.Set(read);
        }
    }

    private ulong LastOfRange()
    {
        ulong behind = Head.Number - Indexed;
        bool isOneByOne = pace == IndexPace.EveryBlock && !history.IsEmpty && behind <= MarketHistory.Depth;
        return Indexed + (isOneByOne ? 1 : Math.Min(behind, LargestRange));
    }

    // A node keeps the state of its newest blocks only, and logs of all. What is read ahead of its range is read again with each later change.
    private ulong StateBlockOf(ulong last) => Head.Number - last > MarketHistory.Depth ? Head.Number : last;

    private async Task ReadCoeAsync(Hash32 coe, ulong block, CancellationToken cancellationToken)
    {
        var read = contracts.CoeRegistry.CoeOfAsync(coe, BlockTag.Number(block), cancellationToken);
        var offer = contracts.CoeRegistry.OfferOfAsync(coe, contracts.LeaseBook.Address, BlockTag.Number(block), cancellationToken);
        var record = ContractMessages.ToRecord(coe, await read, await offer);
        if (record.Status == CoeStatus.None)
        {
            throw new InvalidOperationException($"The registry logged COE {coe} and does not know it at block {block}.");
        }

        market.Coes[coe] = record;
    }

    private async Task ReadChannelAsync(EvmAddress publisher, string name, ulong block, CancellationToken cancellationToken)
    {
        var read = await contracts.ContainerRegistry.ChannelOfAsync(publisher, name, ChannelRecord.Stable, BlockTag.Number(block), cancellationToken);
        var channel = new ChannelRecord(publisher, name, read.Current, read.Next, read.NextFrom);
        market.Channels[channel.Id] = channel;
    }

    private async Task ReadSettledAsync(Hash32 leaseId, ulong block, CancellationToken cancellationToken)
    {
        var lease = await contracts.LeaseBook.LeaseOfAsync(leaseId, BlockTag.Number(block), cancellationToken);
        var held = lease.Settled;
        projection.Put(leaseId, lease.Limit, ContractResults.Of(held));
    }

    private void Announce(Changes changes)
    {
        foreach (var lease in changes.Leases.Select(market.FindLease))
        {
            signals.Coe(lease!.Coe).Raise();
            signals.Order(lease.OrderHash).Raise();
        }
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "The chain could not be read beyond block {Block}; trying again.")]
    private static partial void LogReadFailed(ILogger logger, Exception failure, ulong block);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "Block {Block} was replaced on the chain")]
    private static partial void LogReplaced(ILogger logger, ulong block);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "Went back to block {Block}, which is still there")]
    private static partial void LogWentBack(ILogger logger, ulong block);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "No block that was read before is known to be still there; everything is read again")]
    private static partial void LogReadAgain(ILogger logger);
}

/// <summary>In which steps the chain is read.</summary>
internal enum IndexPace
{
    /// <summary>As many blocks at a time as there are.</summary>
    Fast,

    /// <summary>One by one what comes after the start, so that the market after each of the last blocks is known.</summary>
    EveryBlock,
}

/// <summary>Hears of every log once it is stored; called again with the same logs after a crash.</summary>
internal interface IChainWatcher
{
    Task OnLogsAsync(IReadOnlyList<ChainLog> logs, CancellationToken cancellationToken);

    /// <summary>Blocks after <paramref name="block"/> were replaced; called again after a crash.</summary>
    /// <param name="head">Hash of the block that is the newest now: with another one, it is another replacement.</param>
    /// <param name="orders">Those of which something was in these blocks.</param>
    Task OnWentBackAsync(ulong block, Hash32 head, IReadOnlyList<Hash32> orders, CancellationToken cancellationToken);
}
