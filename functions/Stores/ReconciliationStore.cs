using Azure.Data.Tables;
using Dweb.Functions.Orchestrations;

namespace Dweb.Functions.Stores;

/// <summary>The report of the last reconciliation, one row.</summary>
internal sealed class ReconciliationStore(StorageAccount storage)
{
    private const string Key = "last";
    private readonly TableClient table = storage.Table("Reconciliation");

    public Task InitialiseAsync(CancellationToken cancellationToken) => table.CreateIfNotExistsAsync(cancellationToken);

    public async Task PutAsync(ReconciliationReport report, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Key, Key);
        RowDocument.Write(row, report, OrchestrationJson.Default.ReconciliationReport);
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <returns>Null before the first.</returns>
    public async Task<ReconciliationReport?> FindAsync(CancellationToken cancellationToken)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(Key, Key, cancellationToken: cancellationToken);
        return row.HasValue ? RowDocument.Read(row.Value!, OrchestrationJson.Default.ReconciliationReport) : null;
    }
}
