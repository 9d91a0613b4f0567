using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Data.Tables;
using Dweb.Core.Protocol;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Indexing;

/// <summary>The market in a table: a partition a kind, a row an entity, and the cursor that says how far they reach.</summary>
internal sealed class IndexStore(StorageAccount storage) : IIndexStore
{
    private const string CursorKey = "cursor";
    private readonly TableClient table = storage.Table("Index");

    public Task InitialiseAsync(CancellationToken cancellationToken) => table.CreateIfNotExistsAsync(cancellationToken);

    public async Task<IndexCursor?> LoadAsync(Market market, CancellationToken cancellationToken)
    {
        await LoadAsync("coe", IndexJson.Default.CoeRecord, coe => market.Coes[coe.Coe] = coe, cancellationToken);
        await LoadAsync("image", IndexJson.Default.ImageRecord, image => market.Images[image.ManifestDigest] = image, cancellationToken);
        await LoadAsync("channel", IndexJson.Default.ChannelRecord, channel => market.Channels[channel.Id] = channel, cancellationToken);
        await LoadAsync("repository", IndexJson.Default.RepositoryRecord, repository => market.Repositories[repository.Repository] = repository, cancellationToken);
        await LoadAsync("release", IndexJson.Default.ReleaseRecord, release => market.Releases[release.ReleaseId] = release, cancellationToken);
        await LoadAsync("order", IndexJson.Default.AdmittedOrder, order => market.Orders[order.OrderHash] = order, cancellationToken);
        await LoadAsync("lease", IndexJson.Default.LeaseRecord, lease => market.Put(lease), cancellationToken);
        var cursor = await table.GetEntityIfExistsAsync<TableEntity>(CursorKey, CursorKey, cancellationToken: cancellationToken);
        return cursor.HasValue ? RowDocument.Read(cursor.Value!, IndexJson.Default.IndexCursor) : null;
    }

    public async Task SaveAsync(Market market, Changes changes, CancellationToken cancellationToken) => await Task.WhenAll(
        SaveAsync("coe", changes.Coes, market.Coes, IndexJson.Default.CoeRecord, cancellationToken),
        SaveAsync("image", changes.Images, market.Images, IndexJson.Default.ImageRecord, cancellationToken),
        SaveAsync("channel", [.. changes.Channels.Keys], market.Channels, IndexJson.Default.ChannelRecord, cancellationToken),
        SaveAsync("repository", changes.Repositories, market.Repositories, IndexJson.Default.RepositoryRecord, cancellationToken),
        SaveAsync("release", changes.Releases, market.Releases, IndexJson.Default.ReleaseRecord, cancellationToken),
        SaveAsync("order", changes.Orders, market.Orders, IndexJson.Default.AdmittedOrder, cancellationToken),
        SaveAsync("lease", [.. changes.Leases.Select(id => (id, market.FindLease(id)!))], IndexJson.Default.LeaseRecord, cancellationToken));

    public async Task SaveAsync(IndexCursor cursor, CancellationToken cancellationToken)
    {
        var row = new TableEntity(CursorKey, CursorKey);
        RowDocument.Write(row, cursor, IndexJson.Default.IndexCursor);
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Writes entities as the market has them after it went back; those that it has no more are deleted.</summary>
    public async Task SaveAsync(Market market, IEnumerable<MarketKey> touched, CancellationToken cancellationToken)
    {
        var changes = new Changes();
        foreach (var key in touched)
        {
            if (!changes.Add(key, market))
            {
                await table.DeleteEntityAsync(key.Kind, key.Id.ToString(), ETag.All, cancellationToken);
            }
        }

        await SaveAsync(market, changes, cancellationToken);
    }

    /// <summary>Forgets everything: the chain that it described is not the one that is there.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        }
    }

    private async Task LoadAsync<T>(string kind, JsonTypeInfo<T> type, Action<T> take, CancellationToken cancellationToken)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(e => e.PartitionKey == kind, cancellationToken: cancellationToken))
        {
            take(RowDocument.Read(row, type));
        }
    }

    private Task SaveAsync<T>(string kind, HashSet<Hash32> ids, IReadOnlyDictionary<Hash32, T> all, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SaveAsync(kind, [.. ids.Select(id => (id, all[id]))], type, cancellationToken);

    private async Task SaveAsync<T>(string kind, IReadOnlyList<(Hash32 Id, T Value)> entities, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        // Orders may be large: four rows of a MiB are what one transaction takes.
        int size = kind == "order" ? 4 : RowDocument.MostOperations;
        foreach (var chunk in entities.Chunk(size))
        {
            await table.SubmitTransactionAsync(chunk.Select(entity => ToAction(kind, entity.Id, entity.Value, type)), cancellationToken);
        }
    }

    private static TableTransactionAction ToAction<T>(string kind, Hash32 id, T value, JsonTypeInfo<T> type)
    {
        var row = new TableEntity(kind, id.ToString());
        RowDocument.Write(row, value, type);
        return new TableTransactionAction(TableTransactionActionType.UpsertReplace, row);
    }
}
