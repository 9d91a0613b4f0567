using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;

namespace Dweb.Functions.Indexing;

/// <summary>Everything that the lease book logged of one order and its leases, read range by range.</summary>
/// <param name="next">The first block that is read.</param>
internal sealed class OrderLogs(ChainClient chain, ChainContracts contracts, Hash32 orderHash, ulong next)
{
    private readonly List<ChainLog> logs = [];
    private readonly HashSet<Hash32> named = [];
    private ulong next = next;

    /// <summary>In the order of the chain, each once.</summary>
    public IReadOnlyList<ChainLog> InOrder => [.. logs.DistinctBy(static log => (log.BlockNumber, log.LogIndex)).OrderBy(static log => log.BlockNumber).ThenBy(static log => log.LogIndex)];

    public bool Admitted => logs.Exists(static log => log.Topics[0] == LeaseBook.Events.OrderAdmitted.Topic);

    /// <summary>Reads on to a block; without effect when that was read.</summary>
    public async Task ReadToAsync(ulong block, CancellationToken cancellationToken)
    {
        while (next <= block)
        {
            ulong last = Math.Min(block, next + ChainIndexer.LargestRange - 1);
            await ReadAsync(last, [null, [orderHash]], cancellationToken);
            await ReadAsync(last, [[LeaseBook.Events.LeaseOpened.Topic], null, [orderHash]], cancellationToken);
            foreach (var log in logs)
            {
                Name(log);
            }

            if (named.Count > 0)
            {
                await ReadAsync(last, [null, [.. named]], cancellationToken);
            }

            next = last + 1;
        }
    }

    /// <summary>What else tells of the order: its user, who may cancel all older ones, and its leases.</summary>
    private void Name(ChainLog log)
    {
        if (log.Topics[0] == LeaseBook.Events.OrderAdmitted.Topic)
        {
            named.Add(log.Topics[2]);
        }
        else if (LeaseBook.Events.LeaseOpened.TryDecode(log, out var opened))
        {
            named.Add(opened.LeaseId);
        }
    }

    private async Task ReadAsync(ulong last, IReadOnlyList<IReadOnlyList<Hash32>?> topics, CancellationToken cancellationToken)
    {
        var filter = new LogFilter { From = BlockTag.Number(next), To = BlockTag.Number(last), Addresses = [contracts.LeaseBook.Address], Topics = topics };
        logs.AddRange(await chain.GetLogsAsync(filter, cancellationToken));
    }
}
