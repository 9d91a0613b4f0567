using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace Dweb.Durable.Storage;

/// <summary>The hub's storage in Azure Tables and Blobs.</summary>
internal sealed class AzureHubStore(string hubName, TableServiceClient tables, BlobServiceClient blobs) : IHubStore
{
    private readonly TableClient _instances = tables.GetTableClient($"{hubName}Instances");
    private readonly TableClient _live = tables.GetTableClient($"{hubName}Live");

    public BlobContainerClient Container { get; } = blobs.GetBlobContainerClient($"{hubName.ToLower(CultureInfo.InvariantCulture)}-hub");

    public async Task CreateAsync(CancellationToken ct)
    {
        await _instances.CreateIfNotExistsAsync(ct);
        await _live.CreateIfNotExistsAsync(ct);
        await Container.CreateIfNotExistsAsync(cancellationToken: ct);
    }

    public async Task<TableEntity?> GetAsync(HubTable table, string partition, string row, CancellationToken ct)
    {
        var found = await Client(table).GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: ct);
        return found.HasValue ? found.Value : null;
    }

    public async IAsyncEnumerable<TableEntity> QueryAsync(HubTable table, string filter, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in Client(table).QueryAsync<TableEntity>(filter, maxPerPage: 1000, cancellationToken: ct))
        {
            yield return row;
        }
    }

    public async Task<(IReadOnlyList<TableEntity> Rows, string? Next)> QueryPageAsync(HubTable table, string filter, int size, string? from, CancellationToken ct)
    {
        await foreach (var page in Client(table).QueryAsync<TableEntity>(filter, size, cancellationToken: ct).AsPages(from, size))
        {
            return (page.Values, string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
        }
        return ([], null);
    }

    public async Task<bool> InsertAsync(HubTable table, TableEntity row, CancellationToken ct)
    {
        try
        {
            await Client(table).AddEntityAsync(row, ct);
            return true;
        }
        catch (RequestFailedException refused) when (refused.Status == 409)
        {
            return false;
        }
    }

    public async Task UpsertAsync(HubTable table, TableEntity row, CancellationToken ct) =>
        await Client(table).UpsertEntityAsync(row, TableUpdateMode.Replace, ct);

    public async Task DeleteAsync(HubTable table, string partition, string row, ETag version, CancellationToken ct)
    {
        try
        {
            await Client(table).DeleteEntityAsync(partition, row, version, ct);
        }
        catch (RequestFailedException changed) when (changed.Status == 412)
        {
            return;
        }
    }

    public async Task<IReadOnlyList<ETag>> SubmitAsync(HubTransaction transaction, CancellationToken ct)
    {
        try
        {
            var answer = await _instances.SubmitTransactionAsync(transaction.Actions, ct);
            return [.. answer.Value.Select(response => response.Headers.ETag ?? default)];
        }
        catch (RequestFailedException refused) when (refused.Status is 404 or 409 or 412)
        {
            throw new StoreConflictException(refused.Status, refused);
        }
    }

    public async Task PutBlobAsync(string name, BinaryData content, CancellationToken ct) =>
        await Container.GetBlobClient(name).UploadAsync(content, overwrite: true, ct);

    public async Task<BinaryData> GetBlobAsync(string name, CancellationToken ct) =>
        (await Container.GetBlobClient(name).DownloadContentAsync(ct)).Value.Content;

    public async Task DeleteBlobsAsync(string prefix, CancellationToken ct)
    {
        await foreach (var blob in Container.GetBlobsAsync(Azure.Storage.Blobs.Models.BlobTraits.None, Azure.Storage.Blobs.Models.BlobStates.None, prefix, ct))
        {
            await Container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: ct);
        }
    }

    private TableClient Client(HubTable table) => table == HubTable.Live ? _live : _instances;
}
