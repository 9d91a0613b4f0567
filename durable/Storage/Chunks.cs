using System.Globalization;
using Azure.Data.Tables;

namespace Dweb.Durable.Storage;

/// <summary>Bytes in the binary properties of a row, or the name of the blob that has them.</summary>
internal static class Chunks
{
    private const string BlobName = "blob";

    public const int BytesPerRow = StorageLimits.ChunksPerRow * StorageLimits.BytesPerProperty;

    public static TableEntity Row(string partition, string rowKey, ReadOnlySpan<byte> bytes)
    {
        var row = new TableEntity(partition, rowKey);
        for (var (i, at) = (0, 0); at < bytes.Length; i++, at += StorageLimits.BytesPerProperty)
        {
            row[Name(i)] = bytes[at..Math.Min(bytes.Length, at + StorageLimits.BytesPerProperty)].ToArray();
        }
        return row;
    }

    public static TableEntity Reference(string partition, string rowKey, string blob) => new(partition, rowKey) { [BlobName] = blob };

    public static async Task<byte[]> ReadAsync(IHubStore store, IEnumerable<TableEntity> rows, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        foreach (var row in rows)
        {
            if (row.GetString(BlobName) is { } blob)
            {
                bytes.Write((await store.GetBlobAsync(blob, ct)).ToMemory().Span);
            }
            for (var i = 0; row.GetBinary(Name(i)) is { } chunk; i++)
            {
                bytes.Write(chunk);
            }
        }
        return bytes.ToArray();
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"d{i}");
}
