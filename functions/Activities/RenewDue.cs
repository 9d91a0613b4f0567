using Dweb.Chain.Contracts;
using Dweb.Functions.Indexing;
using Dweb.Functions.Leases;

namespace Dweb.Functions.Activities;

/// <summary>
/// Funds leases that run once half of what was prepaid is used, out of their users' free balances. The chain holds the order's caps and the
/// user's money against it and refuses what goes beyond; a lease that cannot be funded runs to its end.
/// </summary>
internal sealed class RenewDue(DueLeases due, ChainIndexer indexer, ChainContracts contracts, TriedCalls calls)
{
    public bool HasWork => Find().Any();

    /// <returns>Leases renewed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await indexer.CatchUpAsync(cancellationToken);
        int done = 0;
        foreach (var (order, rules, seconds) in Find().ToList())
        {
            var call = contracts.LeaseBook.Renew(ContractArguments.Of(order.Order.ToMessage()), ContractArguments.Of(rules.Lease.Key), seconds);
            done += await calls.SendAsync(call, cancellationToken) ? 1 : 0;
        }

        await indexer.CatchUpAsync(cancellationToken);
        return done;
    }

    // A lease that never ran is its host's fault to answer for, and no more of its user's money is put into it.
    private IEnumerable<(AdmittedOrder Order, DueRules Rules, uint Seconds)> Find() => due.Live()
        .Select(d => (d.Order, d.Rules, Seconds: d.Rules.Renewal(indexer.Head.Timestamp)))
        .Where(d => d.Seconds > 0 && due.HasRun(d.Rules.Lease));
}
