using Azure;
using Azure.Data.Tables;

namespace Dweb.Durable.Storage;

/// <summary>Writes to one partition that happen together or not at all, measured against the storage's limits as they are added.</summary>
internal sealed class HubTransaction(string partition)
{
    private const int OperationOverhead = 1024;
    private const int PropertyOverhead = 64;
    private readonly List<TableTransactionAction> _actions = [];
    private readonly HashSet<string> _rows = new(StringComparer.Ordinal);
    private long _wireBytes;

    public string Partition { get; } = partition;

    public IReadOnlyList<TableTransactionAction> Actions => _actions;

    public HubTransaction Insert(TableEntity row) => Add(TableTransactionActionType.Add, row, default);

    public HubTransaction Replace(TableEntity row) => Add(TableTransactionActionType.UpsertReplace, row, default);

    /// <summary>Changes the given properties of a row if it is still the version named by <paramref name="etag"/>.</summary>
    public HubTransaction Merge(TableEntity row, ETag etag) => Add(TableTransactionActionType.UpdateMerge, row, etag);

    public HubTransaction Delete(string rowKey, ETag etag) => Add(TableTransactionActionType.Delete, new TableEntity(Partition, rowKey), etag);

    private HubTransaction Add(TableTransactionActionType type, TableEntity row, ETag etag)
    {
        if (!string.Equals(row.PartitionKey, Partition, StringComparison.Ordinal))
        {
            throw new StorageLimitException($"A transaction on partition '{Partition}' cannot hold a row of '{row.PartitionKey}'.");
        }
        if (!_rows.Add(row.RowKey))
        {
            throw new StorageLimitException($"A transaction cannot touch row '{row.RowKey}' twice.");
        }
        if (_actions.Count == StorageLimits.OperationsPerTransaction)
        {
            throw new StorageLimitException($"A transaction has at most {StorageLimits.OperationsPerTransaction} operations.");
        }
        Measure(row);
        if (_wireBytes > StorageLimits.BytesPerTransaction)
        {
            throw new StorageLimitException($"A transaction has at most {StorageLimits.BytesPerTransaction} bytes; this one needs {_wireBytes}.");
        }
        _actions.Add(new TableTransactionAction(type, row, etag));
        return this;
    }

    private void Measure(TableEntity row)
    {
        long rowBytes = 2L * (row.PartitionKey.Length + row.RowKey.Length);
        _wireBytes += OperationOverhead + rowBytes;
        foreach (var (name, value) in row)
        {
            // On the wire binary is base64, and any character of a text may become an escape of six.
            var (stored, wire) = value switch
            {
                byte[] bytes => (bytes.LongLength, ((bytes.LongLength + 2) / 3) * 4),
                string text => (2L * text.Length, 6L * text.Length),
                _ => (16L, 40L),
            };
            if (stored > StorageLimits.BytesPerProperty)
            {
                throw new StorageLimitException($"Property '{name}' of row '{row.RowKey}' has {stored} bytes; the most is {StorageLimits.BytesPerProperty}.");
            }
            rowBytes += stored + PropertyOverhead;
            _wireBytes += wire + PropertyOverhead;
        }
        if (rowBytes > StorageLimits.BytesPerRow)
        {
            throw new StorageLimitException($"Row '{row.RowKey}' has {rowBytes} bytes; the most is {StorageLimits.BytesPerRow}.");
        }
    }
}
