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
    private readonly ConcurrentDictionary<(Hash32 Coe, string Key), SignedBatch> batches = new();

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
    public IReadOnlyList<SignedBatch> Unsettled()
    {
        var needed = newest.Values.Where(IsUnsettled).Select(static r => (r.Batch.Batch.Coe, r.Batch.Key)).ToHashSet();
        return [.. needed.Select(key => batches[key]).OrderBy(static b => b.Batch.Coe).ThenBy(static b => b.Key, StringComparer.Ordinal)];
    }

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

    private async Task ForgetSettledAsync(Hash32 coe, CancellationToken cancellationToken)
    {
        var needed = newest.Values.Where(IsUnsettled).Select(static r => (r.Batch.Batch.Coe, r.Batch.Key)).ToHashSet();
        foreach (var (key, batch) in batches.Where(pair => pair.Key.Coe == coe && !needed.Contains(pair.Key)).ToList())
        {
            await store.DeleteAsync(batch, cancellationToken);
            batches.TryRemove(key, out _);
        }
    }

    private bool IsUnsettled(Reported reported) =>
        !reported.PassedOver
        && market.FindLease(reported.Entry.Handle) is { State: LeaseState.Open or LeaseState.Parked or LeaseState.Ending } lease
        && lease.After(reported.Entry, reported.Batch.Batch.AsOf) is { Code: UsageCode.Accepted } after
        && after.Counters != lease.Settled;

    private void Take(SignedBatch batch)
    {
        batches[(batch.Batch.Coe, batch.Key)] = batch;
        foreach (var entry in batch.Batch.Entries)
        {
            newest.AddOrUpdate(entry.Handle, _ => new Reported(entry, batch), (_, known) =>
                batch.Batch.AsOf >= known.Batch.Batch.AsOf ? new Reported(entry, batch) { Before = known.SampleBefore(batch.Batch.AsOf) } : known);
        }
    }
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
