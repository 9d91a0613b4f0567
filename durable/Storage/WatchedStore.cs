using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;

namespace Dweb.Durable.Storage;

/// <summary>A store whose silence is told once.</summary>
internal sealed class WatchedStore(IHubStore inner, StorageOutage outage) : IHubStore
{
    public Task CreateAsync(CancellationToken ct) => WatchAsync(() => inner.CreateAsync(ct));

    public Task<TableEntity?> GetAsync(HubTable table, string partition, string row, CancellationToken ct) => WatchAsync(() => inner.GetAsync(table, partition, row, ct));

    public async IAsyncEnumerable<TableEntity> QueryAsync(HubTable table, string filter, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var rows = inner.QueryAsync(table, filter, ct).GetAsyncEnumerator(ct);
        while (await WatchAsync(() => rows.MoveNextAsync().AsTask()))
        {
            yield return rows.Current;
        }
    }

    public Task<(IReadOnlyList<TableEntity> Rows, string? Next)> QueryPageAsync(HubTable table, string filter, int size, string? from, CancellationToken ct) =>
        WatchAsync(() => inner.QueryPageAsync(table, filter, size, from, ct));

    public Task<bool> InsertAsync(HubTable table, TableEntity row, CancellationToken ct) => WatchAsync(() => inner.InsertAsync(table, row, ct));

    public Task UpsertAsync(HubTable table, TableEntity row, CancellationToken ct) => WatchAsync(() => inner.UpsertAsync(table, row, ct));

    public Task DeleteAsync(HubTable table, string partition, string row, ETag version, CancellationToken ct) =>
        WatchAsync(() => inner.DeleteAsync(table, partition, row, version, ct));

    public Task<IReadOnlyList<ETag>> SubmitAsync(HubTransaction transaction, CancellationToken ct) => WatchAsync(() => inner.SubmitAsync(transaction, ct));

    public Task PutBlobAsync(string name, BinaryData content, CancellationToken ct) => WatchAsync(() => inner.PutBlobAsync(name, content, ct));

    public Task<BinaryData> GetBlobAsync(string name, CancellationToken ct) => WatchAsync(() => inner.GetBlobAsync(name, ct));

    public Task DeleteBlobsAsync(string prefix, CancellationToken ct) => WatchAsync(() => inner.DeleteBlobsAsync(prefix, ct));

    private Task<bool> WatchAsync(Func<Task> request) => WatchAsync(async () =>
    {
        await request();
        return true;
    });

    private async Task<T> WatchAsync<T>(Func<Task<T>> request)
    {
        var askedAt = outage.Now;
        try
        {
            var answer = await request();
            outage.Answered();
            return answer;
        }
        catch (Exception fault) when (StorageFault.IsOutage(fault))
        {
            outage.Missed(askedAt, fault);
            throw;
        }
    }
}
