using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Story;

/// <summary>Reads the events of one order from the chain, on and on.</summary>
internal sealed class ChainStoryReader(DwebChain chain, Hash32 order, ChainStory story)
{
    private const int BlocksAtOnce = 32;

    private static readonly Hash32[] OfOrder = [LeaseBook.Events.OrderAdmitted.Topic, LeaseBook.Events.OrderCancelled.Topic, LeaseBook.Events.EntrySkipped.Topic];

    private static readonly Hash32[] OfLease =
    [
        LeaseBook.Events.LeaseRenewed.Topic, LeaseBook.Events.LeaseParked.Topic, LeaseBook.Events.LeaseResumed.Topic, LeaseBook.Events.LeaseEnding.Topic,
        LeaseBook.Events.LeaseClosed.Topic, LeaseBook.Events.DisputeOpened.Topic, LeaseBook.Events.DisputeClosed.Topic, LeaseBook.Events.FaultAnswered.Topic,
    ];

    private readonly HashSet<Hash32> leases = [];
    private readonly HashSet<Hash32> coes = [];
    private ulong next = chain.Addresses.Block;

    /// <returns>What happened in the blocks that were not read yet.</returns>
    public async Task<IReadOnlyList<StoryLine>> ReadAsync(CancellationToken cancellationToken)
    {
        ulong last = (await chain.Client.GetHeadAsync(cancellationToken)).Number;
        if (last < next)
        {
            return [];
        }

        var logs = new List<ChainLog>();
        logs.AddRange(await LogsAsync([OfOrder, [order]], last, cancellationToken));
        var opened = await LogsAsync([[LeaseBook.Events.LeaseOpened.Topic], null, [order]], last, cancellationToken);
        logs.AddRange(opened);
        foreach (var log in opened)
        {
            leases.Add(log.Topics[1]);
            coes.Add(log.Topics[3]);
        }

        if (leases.Count > 0)
        {
            logs.AddRange(await LogsAsync([OfLease, [.. leases]], last, cancellationToken));
            logs.AddRange(await LogsAsync([[LeaseBook.Events.UsageSettled.Topic], [.. coes]], last, cancellationToken));
        }

        next = last + 1;
        return await TellAsync([.. logs.OrderBy(static log => log.BlockNumber).ThenBy(static log => log.LogIndex)], cancellationToken);
    }

    private async Task<IReadOnlyList<StoryLine>> TellAsync(IReadOnlyList<ChainLog> logs, CancellationToken cancellationToken)
    {
        var times = new Dictionary<ulong, ulong>();
        foreach (ulong[] blocks in logs.Where(static log => !IsSettlement(log)).Select(static log => log.BlockNumber).Distinct().Chunk(BlocksAtOnce))
        {
            foreach (var head in await Task.WhenAll(blocks.Select(block => chain.Client.GetBlockAsync(BlockTag.Number(block), cancellationToken))))
            {
                if (head is not null)
                {
                    times[head.Number] = head.Timestamp;
                }
            }
        }

        return [.. logs.SelectMany(log => story.Tell(log, times.GetValueOrDefault(log.BlockNumber, AsOf(log))))];
    }

    // There is one an epoch: the time of its batch is near enough, and costs no question.
    private static bool IsSettlement(ChainLog log) => log.Topics[0] == LeaseBook.Events.UsageSettled.Topic;

    private static ulong AsOf(ChainLog log) => LeaseBook.Events.UsageSettled.TryDecode(log, out var settled) ? settled.AsOf : 0;

    private Task<IReadOnlyList<ChainLog>> LogsAsync(IReadOnlyList<IReadOnlyList<Hash32>?> topics, ulong last, CancellationToken cancellationToken) =>
        ChainEvents.ReadAsync(chain.Client, [chain.Addresses.LeaseBook], topics, next, last, cancellationToken);
}
