using Azure.Data.Tables;
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

    public async Task<IReadOnlyList<SettlementView>> ListAsync(CancellationToken cancellationToken) => await table
        .QueryAsync<TableEntity>(e => e.PartitionKey == Partition, cancellationToken: cancellationToken)
        .Select(static row => RowDocument.Read(row, StoreJson.Default.SettlementView))
        .ToListAsync(cancellationToken);
}
