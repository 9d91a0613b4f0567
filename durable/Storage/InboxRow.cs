using Azure.Data.Tables;
using Dweb.Durable.Wire;
using Google.Protobuf;

namespace Dweb.Durable.Storage;

/// <summary>An event in an instance's inbox. The row's key says who sent it, so that a second delivery finds it there.</summary>
internal sealed record InboxRow(string Key, string? Sender, long Order, HistoryEvent Event)
{
    public static async Task<TableEntity> ToEntityAsync(IHubStore store, string partition, InboxRow inbox, CancellationToken ct)
    {
        var bytes = inbox.Event.ToByteArray();
        TableEntity row;
        if (bytes.Length > Chunks.BytesPerRow)
        {
            var blob = $"{HistoryPages.BlobPrefix(partition)}inbox/{Guid.NewGuid():N}";
            await store.PutBlobAsync(blob, BinaryData.FromBytes(bytes), ct);
            row = Chunks.Reference(partition, inbox.Key, blob);
        }
        else
        {
            row = Chunks.Row(partition, inbox.Key, bytes);
        }
        row["Order"] = inbox.Order;
        row["Sender"] = inbox.Sender ?? "";
        return row;
    }

    public static async Task<InboxRow> ReadAsync(IHubStore store, TableEntity row, CancellationToken ct) => new(
        row.RowKey,
        row.GetString("Sender") is { Length: > 0 } sender ? sender : null,
        row.GetInt64("Order") ?? 0,
        HistoryEvent.Parser.ParseFrom(await Chunks.ReadAsync(store, [row], ct)));
}
