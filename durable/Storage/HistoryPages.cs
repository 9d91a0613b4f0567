using Azure.Data.Tables;
using Dweb.Durable.Wire;
using Google.Protobuf;

namespace Dweb.Durable.Storage;

/// <summary>One page of history a work item: in as few rows as it needs, or in a blob that is written before the transaction names it.</summary>
internal static class HistoryPages
{
    public static async Task WriteAsync(IHubStore store, HubTransaction transaction, int generation, int page, HistoryPage content, CancellationToken ct)
    {
        var bytes = content.ToByteArray();
        if (bytes.Length > StorageLimits.RawBytesPerPage)
        {
            // A name of its own for each attempt: an owner that lost its lease must not change what the next one wrote.
            var blob = $"{BlobPrefix(transaction.Partition)}{generation:x8}/{page:x8}-{Guid.NewGuid():N}";
            await store.PutBlobAsync(blob, BinaryData.FromBytes(bytes), ct);
            transaction.Replace(Chunks.Reference(transaction.Partition, RowKeys.Page(generation, page, 0), blob));
            return;
        }
        for (var (part, at) = (0, 0); at < bytes.Length || part == 0; part++, at += Chunks.BytesPerRow)
        {
            var slice = bytes.AsSpan(at, Math.Min(Chunks.BytesPerRow, bytes.Length - at));
            transaction.Replace(Chunks.Row(transaction.Partition, RowKeys.Page(generation, page, part), slice));
        }
    }

    public static async Task<HistoryPage> ReadAsync(IHubStore store, IEnumerable<TableEntity> rowsOfPage, CancellationToken ct) =>
        HistoryPage.Parser.ParseFrom(await Chunks.ReadAsync(store, rowsOfPage.OrderBy(row => row.RowKey, StringComparer.Ordinal), ct));

    public static string BlobPrefix(string partition) => $"pages/{partition}/";
}
