using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;

namespace Dweb.Functions.Stores;

/// <summary>
/// A JSON document in a table row, cut into binary properties of at most 64 KiB. Limits are checked here because Azurite is laxer than
/// Azure: what passes on a developer's machine must not fail in production.
/// </summary>
internal static class RowDocument
{
    public const int LargestProperty = 64 * 1024;
    public const int LargestDocument = 960 * 1024;
    public const int MostOperations = 100;

    public static void Write<T>(TableEntity row, T value, JsonTypeInfo<T> type)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        if (json.Length > LargestDocument)
        {
            throw new InvalidOperationException($"Row {row.PartitionKey}/{row.RowKey} would hold {json.Length} bytes; a row holds {LargestDocument}.");
        }

        int chunk = 0;
        for (int offset = 0; offset < json.Length; offset += LargestProperty)
        {
            row[Name(chunk++)] = json[offset..Math.Min(json.Length, offset + LargestProperty)];
        }

        // An update in place may have held more chunks before.
        while (row.Remove(Name(chunk)))
        {
            chunk++;
        }
    }

    public static T Read<T>(TableEntity row, JsonTypeInfo<T> type)
    {
        using var json = new MemoryStream();
        for (int chunk = 0; row.GetBinary(Name(chunk)) is { } bytes; chunk++)
        {
            json.Write(bytes);
        }

        return JsonSerializer.Deserialize(json.GetBuffer().AsSpan(0, (int)json.Length), type)
            ?? throw new JsonException($"Row {row.PartitionKey}/{row.RowKey} holds no document.");
    }

    private static string Name(int chunk) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Json{chunk}");
}
