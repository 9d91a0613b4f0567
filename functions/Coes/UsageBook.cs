using System.Collections.Concurrent;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Functions.Indexing;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Coes;

/// <summary>The newest that agents have signed of each lease, and the batches that are still needed to prove it to the chain.</summary>
internal sealed class UsageBook(Market market, UsageStore store)
{
    private readonly ConcurrentDictionary<LeaseHandle, Reported> newest = new();
    private readonly ConcurrentDictionary<Hash32, ConcurrentDictionary<string, SignedBatch>> batches = new();

    public async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        await store.InitialiseAsync(cancellationToken);
        await foreach (var batch in store.ListAsync(cancellationToken))
        {
            Take(batch);
        }
    }

    public Reported? Find(LeaseHandle handle) => newest.GetValueOrDefault(handle);

    /// <summary>Stores a batch that was checked; older ones that prove nothing more are forgotten.</summary>
    public async Task AddAsync(SignedBatch batch, CancellationToken cancellationToken)
    {
        await store.PutAsync(batch, cancellationToken);
        Take(batch);
        await ForgetSettledAsync(batch.Batch.Coe, cancellationToken);
    }

    /// <summary>The fewest batches that hold everything that was reported and not yet settled on the chain, a COE's in the order of their time.</summary>
    public IReadOnlyList<SignedBatch> Unsettled() => [.. batches.Keys.Order().SelectMany(UnsettledOf)];

    /// <summary>The same of one COE.</summary>
    public IReadOnlyList<SignedBatch> UnsettledOf(Hash32 coe) =>
        [.. BatchesOf(coe).Where(IsUnsettled).OrderBy(static b => b.Key, StringComparer.Ordinal)];

    /// <summary>
    /// Leases of which something was reported that the chain would still pay for. What is only recorded is not waited for: an agent that never ceases to report
    /// it would keep its lease from being closed.
    /// </summary>
    public IReadOnlySet<LeaseHandle> Unpaid() => Unsettled().SelectMany(static b => b.Batch.Entries).Select(static e => e.Handle).Where(IsUnpaid).ToHashSet();

    /// <returns>Null for a batch that is not known, or that holds nothing any more that is not settled.</returns>
    public SignedBatch? FindUnsettled(Hash32 coe, string key) =>
        batches.TryGetValue(coe, out var own) && own.TryGetValue(key, out var batch) && IsUnsettled(batch) ? batch : null;

    /// <summary>Leaves out of account what the chain passed over for good.</summary>
    public async Task DropAsync(SignedBatch batch, CancellationToken cancellationToken)
    {
        foreach (var entry in batch.Batch.Entries)
        {
            if (newest.TryGetValue(entry.Handle, out var reported) && reported.Batch.Key == batch.Key)
            {
                newest[entry.Handle] = reported with { PassedOver = true };
            }
        }

        await ForgetSettledAsync(batch.Batch.Coe, cancellationToken);
    }

    /// <summary>Takes in a batch that is stored.</summary>
    public void Take(SignedBatch batch)
    {
        foreach (var entry in batch.Batch.Entries)
        {
            newest.AddOrUpdate(entry.Handle, _ => new Reported(entry, batch), (_, known) =>
                batch.Batch.AsOf >= known.Batch.Batch.AsOf ? new Reported(entry, batch) { Before = known.SampleBefore(batch.Batch.AsOf) } : known);
        }

        // Last: a batch that no lease needs is forgotten, and until here none does.
        batches.GetOrAdd(batch.Batch.Coe, static _ => new())[batch.Key] = batch;
    }

    private async Task ForgetSettledAsync(Hash32 coe, CancellationToken cancellationToken)
    {
        foreach (var batch in BatchesOf(coe).Where(b => !IsUnsettled(b)).ToList())
        {
            await store.DeleteAsync(batch, cancellationToken);
            batches[coe].TryRemove(batch.Key, out _);
        }
    }

    private IEnumerable<SignedBatch> BatchesOf(Hash32 coe) => batches.TryGetValue(coe, out var own) ? own.Values : [];

    // A batch whose leases are all in newer ones proves nothing more.
    private bool IsUnsettled(SignedBatch batch) => batch.Batch.Entries.Any(entry =>
        newest.TryGetValue(entry.Handle, out var reported) && reported.Batch.Key == batch.Key && IsUnsettled(reported));

    private bool IsUnpaid(LeaseHandle handle) =>
        newest.TryGetValue(handle, out var reported) && IsUnsettled(reported) && market.FindLease(handle) is { } lease
        && lease.Pays(reported.Entry, reported.Batch.Batch.AsOf);

    private bool IsUnsettled(Reported reported) =>
        !reported.PassedOver
        && market.FindLease(reported.Entry.Handle) is { State: LeaseState.Open or LeaseState.Parked or LeaseState.Ending } lease
        && lease.After(reported.Entry, reported.Batch.Batch.AsOf) is { Code: UsageCode.Accepted } after
        && after.Counters != lease.Settled;
}

/// <summary>The newest entry of a lease and the batch that proves it.</summary>
internal sealed record Reported(UsageEntry Entry, SignedBatch Batch)
{
    public bool PassedOver { get; init; }

    /// <summary>The report before this one, as far as this process has seen it.</summary>
    public UsageSample? Before { get; init; }

    /// <summary>What comes before a report of this time that follows.</summary>
    public UsageSample? SampleBefore(ulong asOf) => Batch.Batch.AsOf == asOf ? Before : new UsageSample(Batch.Batch.AsOf, Counters);

    public UsageCounters Counters => new(Entry.Seconds, Entry.Cpu, Entry.Memory, Entry.Storage, Entry.Received, Entry.Sent);
}
