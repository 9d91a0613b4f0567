using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Data.Tables;
using Dweb.Core.Protocol;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Indexing;

/// <summary>The market in a table: a partition a kind, a row an entity, and the cursor that says how far they reach.</summary>
internal sealed class IndexStore(StorageAccount storage) : IIndexStore
{
    public const string TableName = "Index";
    private const string CursorKey = "cursor";
    private readonly TableClient table = storage.Table(TableName);

    public Task InitialiseAsync(CancellationToken cancellationToken) => table.CreateIfNotExistsAsync(cancellationToken);

    public async Task<IndexCursor?> LoadAsync(Market market, CancellationToken cancellationToken)
    {
        await LoadAsync(MarketKind.Coe, IndexJson.Default.CoeRecord, coe => market.Coes[coe.Coe] = coe, cancellationToken);
        await LoadAsync(MarketKind.Image, IndexJson.Default.ImageRecord, image => market.Images[image.ManifestDigest] = image, cancellationToken);
        await LoadAsync(MarketKind.Channel, IndexJson.Default.ChannelRecord, channel => market.Channels[channel.Id] = channel, cancellationToken);
        await LoadAsync(MarketKind.Repository, IndexJson.Default.RepositoryRecord, repository => market.Repositories[repository.Repository] = repository, cancellationToken);
        await LoadAsync(MarketKind.Release, IndexJson.Default.ReleaseRecord, release => market.Releases[release.ReleaseId] = release, cancellationToken);
        await LoadAsync(MarketKind.Order, IndexJson.Default.AdmittedOrder, order => market.Orders[order.OrderHash] = order, cancellationToken);
        await LoadAsync(MarketKind.Lease, IndexJson.Default.LeaseRecord, lease => market.Put(lease), cancellationToken);
        var cursor = await table.GetEntityIfExistsAsync<TableEntity>(CursorKey, CursorKey, cancellationToken: cancellationToken);
        return cursor.HasValue ? RowDocument.Read(cursor.Value!, IndexJson.Default.IndexCursor) : null;
    }

    public async Task SaveAsync(Market market, IReadOnlyCollection<MarketKey> keys, CancellationToken cancellationToken) => await Task.WhenAll(
        SaveAsync(MarketKind.Coe, keys, market.Coes.GetValueOrDefault, IndexJson.Default.CoeRecord, cancellationToken),
        SaveAsync(MarketKind.Image, keys, market.Images.GetValueOrDefault, IndexJson.Default.ImageRecord, cancellationToken),
        SaveAsync(MarketKind.Channel, keys, market.Channels.GetValueOrDefault, IndexJson.Default.ChannelRecord, cancellationToken),
        SaveAsync(MarketKind.Repository, keys, market.Repositories.GetValueOrDefault, IndexJson.Default.RepositoryRecord, cancellationToken),
        SaveAsync(MarketKind.Release, keys, market.Releases.GetValueOrDefault, IndexJson.Default.ReleaseRecord, cancellationToken),
        SaveAsync(MarketKind.Order, keys, market.Orders.GetValueOrDefault, IndexJson.Default.AdmittedOrder, cancellationToken),
        SaveAsync(MarketKind.Lease, keys, market.FindLease, IndexJson.Default.LeaseRecord, cancellationToken));

    public async Task SaveAsync(IndexCursor cursor, CancellationToken cancellationToken)
    {
        var row = new TableEntity(CursorKey, CursorKey);
        RowDocument.Write(row, cursor, IndexJson.Default.IndexCursor);
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
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

    private async Task SaveAsync<T>(
        string kind, IReadOnlyCollection<MarketKey> keys, Func<Hash32, T?> find, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var ids = keys.Where(key => key.Kind == kind).Select(static key => key.Id).ToHashSet();
        var found = new List<(Hash32 Id, T Value)>();
        foreach (var id in ids)
        {
            if (find(id) is { } value)
            {
                found.Add((id, value));
            }
            else
            {
                await table.DeleteEntityAsync(kind, id.ToString(), ETag.All, cancellationToken);
            }
        }

        // Orders may be large: four rows of a MiB are what one transaction takes.
        int size = kind == MarketKind.Order ? 4 : RowDocument.MostOperations;
        foreach (var chunk in found.Chunk(size))
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
