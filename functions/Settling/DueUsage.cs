using System.Numerics;
using Dweb.Chain.Signing;
using Dweb.Core.Metering;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Coes;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Settling;

/// <summary>What is to be settled now, and whether the chain would take it, by the chain's state as it was read.</summary>
internal sealed class DueUsage(UsageBook book, Market market, ChainContracts contracts)
{
    /// <summary>A lease whose funds end within a settlement epoch is not left for the next one. Seconds.</summary>
    private const ulong Near = 300;

    /// <summary>Whole COEs of which enough is unpaid, or of which a lease is at its end.</summary>
    /// <param name="now">Unix time of the chain.</param>
    /// <param name="worth">Least unpaid charge for which a transaction of so much is sent, wei.</param>
    public IReadOnlyList<UsageGroup> Collect(ulong now, Func<UsageLoad, BigInteger> worth) =>
        [.. book.Unsettled()
            .GroupBy(static batch => batch.Batch.Coe)
            .Select(static coe => new UsageGroup(coe.Key, [.. coe]))
            .Where(group => IsUrgent(group, now) || Accrued(group) >= worth(LoadOf(group)))];

    public UsageLoad LoadOf(UsageGroup group) => UsageLoad.Of(group, market);

    /// <summary>By the agent key that the COE has now: the chain takes no other, whatever it was when the batch came.</summary>
    public bool IsSigned(SignedBatch batch) =>
        market.Coes.TryGetValue(batch.Batch.Coe, out var coe)
        && Secp256k1.Recover(contracts.Book.Digest(batch.Batch.StructHash()), batch.Signature) == coe.Agent;

    private bool IsUrgent(UsageGroup group, ulong now) => Leases(group)
        .Any(pair => pair.Lease.State == LeaseState.Ending || pair.Lease.FundedUntil <= now + Near);

    private BigInteger Accrued(UsageGroup group) => Leases(group).Aggregate(BigInteger.Zero, static (sum, pair) => sum + UsageMerge.ChargeBetween(
        pair.Lease.Terms, pair.Lease.Settled, pair.Lease.After(pair.Newest.Entry, pair.Newest.Batch.Batch.AsOf).Counters).Total);

    /// <summary>Each lease once, with the newest of it.</summary>
    private IEnumerable<(LeaseRecord Lease, Reported Newest)> Leases(UsageGroup group) =>
        from batch in @group.Batches
        from entry in batch.Batch.Entries
        let newest = book.Find(entry.Handle)
        where newest?.Batch.Key == batch.Key
        let lease = market.FindLease(entry.Handle)
        where lease is not null
        select (lease, newest);
}
