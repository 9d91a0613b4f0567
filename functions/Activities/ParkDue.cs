using Dweb.Chain.Contracts;
using Dweb.Functions.Indexing;
using Dweb.Functions.Leases;

namespace Dweb.Functions.Activities;

/// <summary>Parks leases whose funds have been over for a while: their hosts get all but the storage back, their data stays.</summary>
internal sealed class ParkDue(DueLeases due, ChainIndexer indexer, ChainContracts contracts, ProtocolParameters parameters, TriedCalls calls)
{
    public bool HasWork => Find().Any();

    /// <returns>Leases parked.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        int done = 0;
        foreach (var lease in Find().ToList())
        {
            done += await calls.SendAsync(contracts.LeaseBook.Park(ContractArguments.Of(lease.Key)), cancellationToken) ? 1 : 0;
        }

        await indexer.CatchUpAsync(cancellationToken);
        return done;
    }

    private IEnumerable<LeaseRecord> Find() => due.Live()
        .Where(d => d.Rules.IsToBeParked(indexer.Head.Timestamp, parameters.ParkAfter, parameters.Grace))
        .Select(static d => d.Rules.Lease);
}
