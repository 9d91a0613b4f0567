using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Stores;

/// <summary>
/// Orders by hash, one row each, and a row per user that points to it. ETags guard every change; the newest row of each order that is on its way
/// stays in memory so that a change costs one write.
/// </summary>
internal sealed class OrderStore(StorageAccount storage)
{
    private const string RowKey = "order";
    private const string StatusColumn = "Status";
    private const int Attempts = 6;
    private readonly TableClient table = storage.Table("Orders");
    private readonly ConcurrentDictionary<Hash32, OrderRow> recent = new();

    public Task InitialiseAsync(CancellationToken cancellationToken) => table.CreateIfNotExistsAsync(cancellationToken);

    /// <returns>The row as stored, or null when there already is one for this order.</returns>
    public async Task<OrderRow?> TryInsertAsync(OrderRow row, CancellationToken cancellationToken)
    {
        // The pointer first: one to an order that is missing is skipped, an order without a pointer would be lost to its user.
        await table.UpsertEntityAsync(new TableEntity(UserKey(row.Order.User), row.OrderHash.ToString()), TableUpdateMode.Replace, cancellationToken);
        try
        {
            var response = await table.AddEntityAsync(ToEntity(row), cancellationToken);
            return Remember(row with { ETag = response.Headers.ETag!.Value });
        }
        catch (RequestFailedException taken) when (taken.Status == 409)
        {
            return null;
        }
    }

    /// <summary>There is a row, and this process has it in memory because the order is not over.</summary>
    public bool IsOnItsWay(Hash32 orderHash) => recent.ContainsKey(orderHash);

    public async Task<OrderRow?> FindAsync(Hash32 orderHash, CancellationToken cancellationToken)
    {
        var response = await table.GetEntityIfExistsAsync<TableEntity>(orderHash.ToString(), RowKey, cancellationToken: cancellationToken);
        return response.HasValue ? Remember(FromEntity(response.Value!)) : null;
    }

    /// <summary>Changes a row under its ETag; <paramref name="change"/> runs again on the newest row when another writer was first.</summary>
    /// <param name="change">Returns null to leave the row as it is.</param>
    /// <returns>The newest row, or null when there is none.</returns>
    public async Task<OrderRow?> UpdateAsync(Hash32 orderHash, Func<OrderRow, OrderRow?> change, CancellationToken cancellationToken)
    {
        var row = recent.TryGetValue(orderHash, out var known) ? known : await FindAsync(orderHash, cancellationToken);
        for (int attempt = 1; row is not null; attempt++)
        {
            if (change(row) is not { } changed)
            {
                return row;
            }

            try
            {
                var response = await table.UpdateEntityAsync(ToEntity(changed), row.ETag, TableUpdateMode.Replace, cancellationToken);
                return Remember(changed with { ETag = response.Headers.ETag!.Value });
            }
            catch (RequestFailedException conflict) when (conflict.Status == 412 && attempt < Attempts)
            {
                recent.TryRemove(orderHash, out _);
                row = await FindAsync(orderHash, cancellationToken);
            }
        }

        return null;
    }

    public async IAsyncEnumerable<OrderRow> ListByUserAsync(EvmAddress user, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string key = UserKey(user);
        await foreach (var pointer in table.QueryAsync<TableEntity>(e => e.PartitionKey == key, cancellationToken: cancellationToken))
        {
            if (await FindAsync(Hash32.Parse(pointer.RowKey), cancellationToken) is { } row)
            {
                yield return row;
            }
        }
    }

    /// <summary>Orders that nothing has taken on yet.</summary>
    public IAsyncEnumerable<OrderRow> ListAsync(OrderStatus status, CancellationToken cancellationToken) =>
        table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"RowKey eq {RowKey} and Status eq {status.ToString()}"), cancellationToken: cancellationToken)
            .Select(FromEntity);

    private static string UserKey(EvmAddress user) => "user-" + user.ToString().ToLowerInvariant();

    private static TableEntity ToEntity(OrderRow row)
    {
        var entity = new TableEntity(row.OrderHash.ToString(), RowKey) { [StatusColumn] = row.Status.ToString() };
        RowDocument.Write(entity, row, StoreJson.Default.OrderRow);
        return entity;
    }

    private static OrderRow FromEntity(TableEntity entity) => RowDocument.Read(entity, StoreJson.Default.OrderRow) with { ETag = entity.ETag };

    private OrderRow Remember(OrderRow row)
    {
        if (row.IsTerminal)
        {
            recent.TryRemove(row.OrderHash, out _);
        }
        else
        {
            recent[row.OrderHash] = row;
        }

        return row;
    }
}
