using System.Numerics;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Indexing;

/// <summary>Writes a row for each settlement transaction on chain, whoever sent it; a row that is there is written again the same.</summary>
internal sealed class SettlementWatcher(SettlementStore settlements) : IChainWatcher
{
    public async Task OnLogsAsync(IReadOnlyList<ChainLog> logs, CancellationToken cancellationToken)
    {
        foreach (var transaction in logs.GroupBy(static log => log.TransactionHash))
        {
            var settled = transaction
                .Select(static log => LeaseBook.Events.UsageSettled.TryDecode(log, out var decoded) ? decoded : null)
                .OfType<LeaseBook.Events.UsageSettled>()
                .ToList();
            if (settled.Count > 0)
            {
                await settlements.PutAsync(Describe(transaction.First(), settled), cancellationToken);
            }
        }
    }

    public Task OnWentBackAsync(ulong block, Hash32 head, IReadOnlyList<Hash32> orders, CancellationToken cancellationToken) =>
        settlements.DeleteAfterAsync(block, cancellationToken);

    private static SettlementView Describe(ChainLog first, List<LeaseBook.Events.UsageSettled> settled) => new(
        SettlementStore.IdOf(first.BlockNumber, first.TransactionHash),
        first.TransactionHash,
        first.BlockNumber,
        settled.Sum(static s => s.Entries.Length / UsageEntry.Size),
        Sum(settled, static s => s.Host),
        Sum(settled, static s => s.Royalty),
        Sum(settled, static s => s.Fee));

    private static BigInteger Sum(IEnumerable<LeaseBook.Events.UsageSettled> settled, Func<LeaseBook.Events.UsageSettled, BigInteger> amount) =>
        settled.Aggregate(BigInteger.Zero, (sum, s) => sum + amount(s));
}
