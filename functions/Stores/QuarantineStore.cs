using Azure;
using Azure.Data.Tables;
using Dweb.Core.Protocol;

namespace Dweb.Functions.Stores;

/// <summary>A COE whose usage the chain refuses.</summary>
/// <param name="Tries">Settlements of it that were refused.</param>
/// <param name="Epoch">The last of them: when its timer was due, Unix seconds.</param>
/// <param name="SinceMs">Unix milliseconds.</param>
/// <param name="UntilMs">When the same usage is tried again, Unix milliseconds.</param>
/// <param name="Batches">Keys of the batches that were refused.</param>
internal sealed record QuarantineRow(Hash32 Coe, string Reason, int Tries, long Epoch, long SinceMs, long UntilMs, IReadOnlyList<string> Batches);

/// <summary>COEs whose usage is not settled with that of others, a row each.</summary>
internal sealed class QuarantineStore(StorageAccount storage)
{
    private const string Partition = "coe";
    private readonly TableClient table = storage.Table("Quarantine");

    public Task InitialiseAsync(CancellationToken cancellationToken) => table.CreateIfNotExistsAsync(cancellationToken);

    public async Task PutAsync(QuarantineRow quarantined, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, quarantined.Coe.ToString());
        RowDocument.Write(row, quarantined, StoreJson.Default.QuarantineRow);
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Without effect on a COE that is not there.</summary>
    public Task DeleteAsync(Hash32 coe, CancellationToken cancellationToken) => table.DeleteEntityAsync(Partition, coe.ToString(), ETag.All, cancellationToken);

    public async Task<QuarantineRow?> FindAsync(Hash32 coe, CancellationToken cancellationToken)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(Partition, coe.ToString(), cancellationToken: cancellationToken);
        return row.HasValue ? RowDocument.Read(row.Value!, StoreJson.Default.QuarantineRow) : null;
    }

    public async Task<IReadOnlyList<QuarantineRow>> ListAsync(CancellationToken cancellationToken) => await table
        .QueryAsync<TableEntity>(e => e.PartitionKey == Partition, cancellationToken: cancellationToken)
        .Select(static row => RowDocument.Read(row, StoreJson.Default.QuarantineRow))
        .ToListAsync(cancellationToken);
}
