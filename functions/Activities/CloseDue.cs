using Dweb.Chain.Contracts;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;

namespace Dweb.Functions.Activities;

/// <summary>Ends leases that are funded no longer, and closes those whose time for late reports is over and whose usage is settled.</summary>
internal sealed class CloseDue(
    Market market, DueLeases due, ChainIndexer indexer, ChainContracts contracts, ProtocolParameters parameters, UsageBook usage, TriedCalls calls)
{
    private const int MostLeases = 100;

    public bool HasWork => Over().Any() || Finished().Any();

    /// <returns>Leases ended or closed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        int done = 0;
        foreach (var order in Over().GroupBy(static d => d.Order.OrderHash, static d => d).ToList())
        {
            var signed = ContractArguments.Of(order.First().Order.Order.ToMessage());
            foreach (var keys in order.Select(static d => ContractArguments.Of(d.Rules.Lease.Key)).Chunk(MostLeases))
            {
                done += await calls.SendAsync(keys, some => contracts.LeaseBook.Expire(signed, some), cancellationToken);
            }
        }

        foreach (var keys in Finished().Select(static lease => ContractArguments.Of(lease.Key)).ToList().Chunk(MostLeases))
        {
            done += await calls.SendAsync(keys, contracts.LeaseBook.Finalise, cancellationToken);
        }

        await indexer.CatchUpAsync(cancellationToken);
        return done;
    }

    private IEnumerable<(AdmittedOrder Order, DueRules Rules)> Over() => due.Live().Where(d => d.Rules.IsOver(indexer.Head.Timestamp, parameters.Grace));

    private IEnumerable<LeaseRecord> Finished()
    {
        var unsettled = usage.Unsettled().SelectMany(static b => b.Batch.Entries).Select(static e => e.Handle).ToHashSet();
        return market.Leases.Where(lease => lease.State == LeaseState.Ending
            && lease.EndedAt + parameters.LateReports <= indexer.Head.Timestamp
            && !unsettled.Contains(LeaseHandle.Of(lease.LeaseId)));
    }
}
