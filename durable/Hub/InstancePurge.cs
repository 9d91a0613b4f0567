using Azure;
using Azure.Data.Tables;
using Dweb.Durable.Storage;

namespace Dweb.Durable.Hub;

/// <summary>
/// Forgets an ended instance. Its state is marked first and goes last, so that nobody takes what is left for an instance, and a purge that was
/// broken off can be done again. It is fenced as a work item is: an instance that was rewound or begun anew meanwhile loses nothing.
/// </summary>
internal static class InstancePurge
{
    /// <summary>False when the instance is no longer what <paramref name="row"/> says.</summary>
    public static async Task<bool> RunAsync(IHubStore store, InstanceRow row, CancellationToken ct)
    {
        var etag = row.ETag;
        while (true)
        {
            try
            {
                etag = await SubmitAsync(store, Marked(row, etag), ct);
                await store.DeleteBlobsAsync(HistoryPages.BlobPrefix(row.Partition), ct);
                // One operation of each transaction is the state itself.
                var parts = (await KeysAsync(store, row.Partition, ct)).Chunk(StorageLimits.OperationsPerTransaction - 1).ToArray();
                foreach (var keys in parts.SkipLast(1))
                {
                    etag = await SubmitAsync(store, Delete(Marked(row, etag), keys), ct);
                }
                var last = new HubTransaction(row.Partition).Delete(RowKeys.Instance, etag);
                await store.SubmitAsync(Delete(last, parts.LastOrDefault([])), ct);
                return true;
            }
            catch (StoreConflictException)
            {
                // A rewind that came too late takes its own row away again, perhaps after it was listed.
                if (await store.GetAsync(HubTable.Instances, row.Partition, RowKeys.Instance, ct) is not { } left || left.ETag != etag || etag == row.ETag)
                {
                    return false;
                }
            }
        }
    }

    private static HubTransaction Marked(InstanceRow row, ETag etag) =>
        new HubTransaction(row.Partition).Merge((row with { IsPurged = true }).ChangesSince(row with { IsPurged = false }), etag);

    private static HubTransaction Delete(HubTransaction transaction, IEnumerable<string> keys) =>
        keys.Aggregate(transaction, (all, key) => all.Delete(key, ETag.All));

    private static async Task<ETag> SubmitAsync(IHubStore store, HubTransaction transaction, CancellationToken ct) =>
        (await store.SubmitAsync(transaction, ct))[0];

    private static async Task<List<string>> KeysAsync(IHubStore store, string partition, CancellationToken ct)
    {
        List<string> keys = [];
        await foreach (var found in store.QueryAsync(HubTable.Instances, TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), ct))
        {
            if (found.RowKey != RowKeys.Instance)
            {
                keys.Add(found.RowKey);
            }
        }
        return keys;
    }
}
