using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Stores;

/// <summary>Settlements that this control plane sent, newest last.</summary>
internal sealed class SettlementStore(StorageAccount storage)
{
    private const string Partition = "settlement";
    private readonly TableClient table = storage.Table("Settlements");

    public Task InitialiseAsync(CancellationToken cancellationToken) => table.CreateIfNotExistsAsync(cancellationToken);

    public async Task PutAsync(SettlementView settlement, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, settlement.Id);
        RowDocument.Write(row, settlement, StoreJson.Default.SettlementView);
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Ids stand in the order of blocks.</summary>
    public static string IdOf(ulong block, Hash32 transaction) => string.Create(CultureInfo.InvariantCulture, $"{block:D12}-{transaction.ToString()[2..18]}");

    /// <summary>Forgets those of later blocks.</summary>
    public async Task DeleteAfterAsync(ulong block, CancellationToken cancellationToken)
    {
        string first = (block + 1).ToString("D12", CultureInfo.InvariantCulture);
        await foreach (var row in table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {first}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        }
    }

    public async Task<IReadOnlyList<SettlementView>> ListAsync(CancellationToken cancellationToken) => await table
        .QueryAsync<TableEntity>(e => e.PartitionKey == Partition, cancellationToken: cancellationToken)
        .Select(static row => RowDocument.Read(row, StoreJson.Default.SettlementView))
        .ToListAsync(cancellationToken);
}
