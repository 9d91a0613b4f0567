using Azure;
using Azure.Data.Tables;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Functions.Stores;

/// <summary>A usage batch as its agent signed it.</summary>
internal sealed record SignedBatch(UsageBatch Batch, EvmSignature Signature)
{
    /// <summary>Time first, so that rows stand in the order in which they were signed.</summary>
    public string Key { get; } = string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Batch.AsOf:D20}-{Keccak256.Hash(Batch.PackEntries()).ToString()[2..18]}");
}

/// <summary>Signed batches that are not settled yet, a partition a COE, a row a batch.</summary>
internal sealed class UsageStore(StorageAccount storage)
{
    private const string EntriesColumn = "Entries";
    private const string SignatureColumn = "Signature";
    private const string AsOfColumn = "AsOf";
    private readonly TableClient table = storage.Table("Usage");

    public Task InitialiseAsync(CancellationToken cancellationToken) => table.CreateIfNotExistsAsync(cancellationToken);

    public async Task PutAsync(SignedBatch batch, CancellationToken cancellationToken)
    {
        byte[] entries = batch.Batch.PackEntries();
        if (entries.Length > RowDocument.LargestProperty)
        {
            throw new InvalidOperationException($"A batch of {entries.Length} bytes does not fit a row.");
        }

        var row = new TableEntity(batch.Batch.Coe.ToString(), batch.Key)
        {
            [EntriesColumn] = entries,
            [SignatureColumn] = batch.Signature.ToArray(),
            [AsOfColumn] = (long)batch.Batch.AsOf,
        };
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    public Task DeleteAsync(SignedBatch batch, CancellationToken cancellationToken) =>
        table.DeleteEntityAsync(batch.Batch.Coe.ToString(), batch.Key, ETag.All, cancellationToken);

    public IAsyncEnumerable<SignedBatch> ListAsync(CancellationToken cancellationToken) => table
        .QueryAsync<TableEntity>(cancellationToken: cancellationToken)
        .Select(static row => new SignedBatch(
            new UsageBatch(Hash32.Parse(row.PartitionKey), (ulong)row.GetInt64(AsOfColumn)!.Value, UsageBatch.UnpackEntries(row.GetBinary(EntriesColumn))),
            EvmSignature.FromBytes(row.GetBinary(SignatureColumn))));
}
