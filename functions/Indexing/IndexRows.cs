using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;
using Dweb.Core.Protocol;
using Dweb.Functions.Stores;

namespace Dweb.Functions.Indexing;

/// <summary>The rows of the index beside what the market holds in memory: the next start of the program believes the rows.</summary>
internal sealed class IndexRows(StorageAccount storage, Market market)
{
    private readonly TableClient table = storage.Table(IndexStore.TableName);

    /// <summary>Ids of a kind that memory or the table has, after another one and in their order.</summary>
    public async Task<IReadOnlyList<Hash32>> IdsAfterAsync(string kind, Hash32? after, int most, CancellationToken cancellationToken)
    {
        string first = after?.ToString() ?? "";
        var rows = await table
            .QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {kind} and RowKey gt {first}"), most, ["RowKey"], cancellationToken)
            .Take(most)
            .Select(static row => Hash32.Parse(row.RowKey))
            .ToListAsync(cancellationToken);
        return [.. Held(kind).Where(id => after is null || id.CompareTo(after.Value) > 0).Concat(rows).Distinct().Order().Take(most)];
    }

    /// <returns>What the row says where it is not what memory holds; null where the two agree.</returns>
    public async Task<(string Expected, string Found)?> DifferenceAsync(MarketKey key, CancellationToken cancellationToken)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(key.Kind, key.Id.ToString(), cancellationToken: cancellationToken);
        string? stored = row.HasValue ? Read(key.Kind, row.Value!) : null;
        string? held = Hold(key);
        return stored == held ? null
            : held is null ? ("no row", "a row")
            : stored is null ? ("the record in memory", "no row")
            : Differing(held, stored);
    }

    /// <summary>Only the values that differ, for a record may be long.</summary>
    private static (string Expected, string Found) Differing(string held, string stored)
    {
        var (expected, found) = (JsonNode.Parse(held)!.AsObject(), JsonNode.Parse(stored)!.AsObject());
        foreach (string same in expected.Select(static value => value.Key).Where(name => JsonNode.DeepEquals(expected[name], found[name])).ToList())
        {
            expected.Remove(same);
            found.Remove(same);
        }

        return (expected.ToJsonString(), found.ToJsonString());
    }

    private IEnumerable<Hash32> Held(string kind) => kind switch
    {
        MarketKind.Coe => market.Coes.Keys,
        MarketKind.Image => market.Images.Keys,
        MarketKind.Channel => market.Channels.Keys,
        MarketKind.Repository => market.Repositories.Keys,
        MarketKind.Release => market.Releases.Keys,
        MarketKind.Order => market.Orders.Keys,
        _ => market.Leases.Select(static lease => lease.LeaseId),
    };

    private string? Hold(MarketKey key) => key.Kind switch
    {
        MarketKind.Coe => Text(market.Coes.GetValueOrDefault(key.Id), IndexJson.Default.CoeRecord),
        MarketKind.Image => Text(market.Images.GetValueOrDefault(key.Id), IndexJson.Default.ImageRecord),
        MarketKind.Channel => Text(market.Channels.GetValueOrDefault(key.Id), IndexJson.Default.ChannelRecord),
        MarketKind.Repository => Text(market.Repositories.GetValueOrDefault(key.Id), IndexJson.Default.RepositoryRecord),
        MarketKind.Release => Text(market.Releases.GetValueOrDefault(key.Id), IndexJson.Default.ReleaseRecord),
        MarketKind.Order => Text(market.Orders.GetValueOrDefault(key.Id), IndexJson.Default.AdmittedOrder),
        _ => Text(market.FindLease(key.Id), IndexJson.Default.LeaseRecord),
    };

    /// <summary>Through the record, so that a row of an older program is not another one for its spelling.</summary>
    private static string Read(string kind, TableEntity row)
    {
        try
        {
            return kind switch
            {
                MarketKind.Coe => Again(row, IndexJson.Default.CoeRecord),
                MarketKind.Image => Again(row, IndexJson.Default.ImageRecord),
                MarketKind.Channel => Again(row, IndexJson.Default.ChannelRecord),
                MarketKind.Repository => Again(row, IndexJson.Default.RepositoryRecord),
                MarketKind.Release => Again(row, IndexJson.Default.ReleaseRecord),
                MarketKind.Order => Again(row, IndexJson.Default.AdmittedOrder),
                _ => Again(row, IndexJson.Default.LeaseRecord),
            };
        }
        catch (JsonException unreadable)
        {
            return new JsonObject { [nameof(unreadable)] = unreadable.Message }.ToJsonString();
        }
    }

    private static string Again<T>(TableEntity row, JsonTypeInfo<T> type)
        where T : class => Text(RowDocument.Read(row, type), type)!;

    private static string? Text<T>(T? record, JsonTypeInfo<T> type)
        where T : class => record is null ? null : JsonSerializer.Serialize(record, type);
}
