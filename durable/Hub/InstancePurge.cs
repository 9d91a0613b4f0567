using Azure;
using Azure.Data.Tables;
using Dweb.Durable.Storage;

namespace Dweb.Durable.Hub;

/// <summary>Forgets an ended instance. Its state goes last, so that a purge that was broken off can be done again.</summary>
internal static class InstancePurge
{
    public static async Task RunAsync(IHubStore store, InstanceRow row, CancellationToken ct)
    {
        await store.DeleteBlobsAsync(HistoryPages.BlobPrefix(row.Partition), ct);
        List<string> keys = [];
        await foreach (var found in store.QueryAsync(HubTable.Instances, TableClient.CreateQueryFilter($"PartitionKey eq {row.Partition}"), ct))
        {
            if (found.RowKey != RowKeys.Instance)
            {
                keys.Add(found.RowKey);
            }
        }
        foreach (var some in keys.Chunk(StorageLimits.OperationsPerTransaction))
        {
            var transaction = new HubTransaction(row.Partition);
            foreach (var key in some)
            {
                transaction.Delete(key, ETag.All);
            }
            await store.SubmitAsync(transaction, ct);
        }
        await store.DeleteAsync(HubTable.Instances, row.Partition, RowKeys.Instance, ct);
    }
}
