using Dweb.Chain.Contracts;
using Dweb.Chain.Transactions;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Activities;

/// <summary>Ends leases that are funded no longer, and closes those whose time for late reports is over and whose usage is settled.</summary>
internal sealed class CloseDue(Market market, ChainIndexer indexer, ChainContracts contracts, ProtocolParameters parameters, UsageBook usage, SenderPool senders)
{
    private const int MostLeases = 100;

    public bool HasWork => Expired().Any() || Finished().Any();

    /// <returns>Leases ended or closed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        int done = await SendAsync(Expired(), contracts.LeaseBook.Expire, cancellationToken);
        done += await SendAsync(Finished(), contracts.LeaseBook.Finalise, cancellationToken);
        await indexer.CatchUpAsync(cancellationToken);
        return done;
    }

    private IEnumerable<Hash32> Expired() => market.Leases
        .Where(lease => lease.State == LeaseState.Open && lease.FundedUntil <= indexer.Head.Timestamp)
        .Select(static lease => lease.LeaseId);

    private IEnumerable<Hash32> Finished()
    {
        var unsettled = usage.Unsettled().SelectMany(static b => b.Batch.Entries).Select(static e => e.Handle).ToHashSet();
        return market.Leases
            .Where(lease => lease.State == LeaseState.Ending
                && lease.EndedAt + parameters.LateReports <= indexer.Head.Timestamp
                && !unsettled.Contains(LeaseHandle.Of(lease.LeaseId)))
            .Select(static lease => lease.LeaseId);
    }

    private async Task<int> SendAsync(IEnumerable<Hash32> leases, Func<IReadOnlyList<Hash32>, ContractCall> call, CancellationToken cancellationToken)
    {
        int done = 0;
        foreach (var chunk in leases.ToList().Chunk(MostLeases))
        {
            done += await SendChunkAsync(chunk, call, cancellationToken);
        }

        return done;
    }

    private async Task<int> SendChunkAsync(Hash32[] chunk, Func<IReadOnlyList<Hash32>, ContractCall> call, CancellationToken cancellationToken)
    {
        try
        {
            await senders.SendAsync(call(chunk), null, cancellationToken);
            return chunk.Length;
        }
        catch (TransactionRevertedException) when (chunk.Length > 1)
        {
            // Somebody else was first with one of them, which must not hold up the others.
            int done = 0;
            foreach (var lease in chunk)
            {
                done += await SendChunkAsync([lease], call, cancellationToken);
            }

            return done;
        }
        catch (TransactionRevertedException)
        {
            return 0;
        }
    }
}
