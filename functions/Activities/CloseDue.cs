using Dweb.Chain.Contracts;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Leases;
using LeaseKey = Dweb.Chain.Contracts.LeaseKey;
using Order = Dweb.Chain.Contracts.Order;

namespace Dweb.Functions.Activities;

/// <summary>
/// Ends leases that are funded no longer, calls those that their hosts let pass no-shows, and closes those whose time for late reports is over and whose
/// usage is settled. Disputes in which nobody found a verdict in time are closed too.
/// </summary>
internal sealed class CloseDue(
    Market market, DueLeases due, ChainIndexer indexer, ChainContracts contracts, ProtocolParameters parameters, UsageBook usage, TriedCalls calls)
{
    private const int MostLeases = 100;

    public bool HasWork => Expired().Any() || NoShows().Any() || Finished().Any() || Lapsed().Any();

    /// <returns>Leases ended or closed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        int done = await EndAsync(Expired(), contracts.LeaseBook.Expire, cancellationToken);
        done += await EndAsync(NoShows(), contracts.LeaseBook.NoShow, cancellationToken);
        foreach (var keys in Finished().Select(static lease => ContractArguments.Of(lease.Key)).ToList().Chunk(MostLeases))
        {
            done += await calls.SendAsync(keys, contracts.LeaseBook.Finalise, cancellationToken);
        }

        foreach (var lease in Lapsed().ToList())
        {
            await calls.SendAsync(contracts.LeaseBook.Lapse(ContractArguments.Of(lease.Key)), cancellationToken);
        }

        await indexer.CatchUpAsync(cancellationToken);
        return done;
    }

    private async Task<int> EndAsync(
        IEnumerable<(AdmittedOrder Order, DueRules Rules)> leases, Func<Order, IReadOnlyList<LeaseKey>, ContractCall> call, CancellationToken cancellationToken)
    {
        int done = 0;
        foreach (var order in leases.GroupBy(static d => d.Order.OrderHash, static d => d).ToList())
        {
            var signed = ContractArguments.Of(order.First().Order.Order.ToMessage());
            foreach (var keys in order.Select(static d => ContractArguments.Of(d.Rules.Lease.Key)).Chunk(MostLeases))
            {
                done += await calls.SendAsync(keys, some => call(signed, some), cancellationToken);
            }
        }

        return done;
    }

    private IEnumerable<(AdmittedOrder Order, DueRules Rules)> Expired() => Over().Where(static d => d.Rules.Lease.HasStarted);

    // What an agent has reported is settled first: then the lease has started.
    private IEnumerable<(AdmittedOrder Order, DueRules Rules)> NoShows() =>
        due.Live().Where(d => d.Rules.IsNoShow(indexer.Head.Timestamp) && !due.HasRun(d.Rules.Lease));

    private IEnumerable<(AdmittedOrder Order, DueRules Rules)> Over() => due.Live().Where(d => d.Rules.IsOver(indexer.Head.Timestamp, parameters.Grace));

    private IEnumerable<LeaseRecord> Lapsed() => market.Leases.Where(lease => lease.DisputedUntil > 0 && lease.DisputedUntil < indexer.Head.Timestamp);

    private IEnumerable<LeaseRecord> Finished()
    {
        var unpaid = usage.Unpaid();
        return market.Leases.Where(lease => lease.State == LeaseState.Ending
            && lease.EndedAt + parameters.LateReports <= indexer.Head.Timestamp
            && !unpaid.Contains(LeaseHandle.Of(lease.LeaseId)));
    }
}
