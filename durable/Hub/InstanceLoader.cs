using Azure.Data.Tables;
using Dweb.Durable.Storage;
using Dweb.Durable.Wire;

namespace Dweb.Durable.Hub;

/// <summary>An instance as its partition tells it.</summary>
/// <param name="Undelivered">The page whose messages may not all be delivered, with its generation.</param>
/// <param name="HasOldPages">Pages of earlier generations are still there.</param>
internal sealed record LoadedInstance(InstanceHistory History, IReadOnlyList<InboxRow> Inbox, (int Generation, HistoryPage Page)? Undelivered, bool HasOldPages);

/// <summary>Reads an instance's partition into memory.</summary>
internal static class InstanceLoader
{
    /// <summary>Null where there is no instance, or only what a purge has left of it.</summary>
    public static async Task<LoadedInstance?> LoadAsync(IHubStore store, string instanceId, CancellationToken ct)
    {
        var partition = RowKeys.Escape(instanceId);
        List<TableEntity> rows = [];
        await foreach (var found in store.QueryAsync(HubTable.Instances, TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), ct))
        {
            rows.Add(found);
        }
        if (rows.Find(found => found.RowKey == RowKeys.Instance) is not { } state)
        {
            return null;
        }
        var row = InstanceRow.From(state);
        if (row.IsPurged)
        {
            return null;
        }
        var pages = await PagesAsync(store, rows, row, ct);
        var history = new InstanceHistory(row, pages[(row.Generation, 0)]);
        for (var page = 1; page < row.NextPage; page++)
        {
            history.Apply(pages[(row.Generation, page)]);
        }
        // A page of an earlier generation that is gone was delivered first.
        var undelivered = pages.TryGetValue((row.OutboundGeneration, row.OutboundPage), out var outbound) ? (row.OutboundGeneration, outbound) : default((int, HistoryPage)?);
        return new(history, await InboxAsync(store, rows, ct), undelivered, pages.Keys.Any(key => key.Generation < row.Generation));
    }

    /// <summary>The pages of one generation, oldest first; for queries.</summary>
    public static async Task<IReadOnlyList<HistoryPage>> PagesAsync(IHubStore store, InstanceRow row, CancellationToken ct)
    {
        var (from, to) = (RowKeys.GenerationPrefix(row.Generation), RowKeys.GenerationPrefix(row.Generation + 1));
        List<TableEntity> rows = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {row.Partition} and RowKey ge {from} and RowKey lt {to}");
        await foreach (var found in store.QueryAsync(HubTable.Instances, filter, ct))
        {
            rows.Add(found);
        }
        var pages = await PagesAsync(store, rows, row, ct);
        return [.. pages.OrderBy(page => page.Key.Page).Select(page => page.Value)];
    }

    private static async Task<Dictionary<(int Generation, int Page), HistoryPage>> PagesAsync(
        IHubStore store, IEnumerable<TableEntity> rows, InstanceRow row, CancellationToken ct)
    {
        Dictionary<(int, int), HistoryPage> pages = [];
        foreach (var parts in rows.Where(found => found.RowKey.StartsWith(RowKeys.HistoryPrefix, StringComparison.Ordinal)).GroupBy(found => RowKeys.ParsePage(found.RowKey)))
        {
            var (generation, page) = parts.Key;
            var current = generation == row.Generation && page < row.NextPage;
            // Pages are dropped from their first row on; what has lost that one is being dropped.
            var isWhole = parts.Any(part => part.RowKey == RowKeys.Page(generation, page, 0));
            if (current || (isWhole && generation == row.OutboundGeneration && page == row.OutboundPage))
            {
                pages.Add(parts.Key, await HistoryPages.ReadAsync(store, parts, ct));
            }
            else if (generation < row.Generation)
            {
                pages.Add(parts.Key, new HistoryPage());
            }
        }
        return pages;
    }

    private static async Task<IReadOnlyList<InboxRow>> InboxAsync(IHubStore store, IEnumerable<TableEntity> rows, CancellationToken ct)
    {
        List<InboxRow> inbox = [];
        foreach (var row in rows.Where(found => found.RowKey.StartsWith(RowKeys.InboxPrefix, StringComparison.Ordinal)))
        {
            inbox.Add(await InboxRow.ReadAsync(store, row, ct));
        }
        return [.. inbox.OrderBy(row => row.Order).ThenBy(row => row.Key, StringComparer.Ordinal)];
    }
}
