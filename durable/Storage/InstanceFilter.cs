using Azure.Data.Tables;

namespace Dweb.Durable.Storage;

/// <summary>A query in the words of the storage, so that only what matches is sent.</summary>
internal static class InstanceFilter
{
    public static string Of(OrchestrationQuery query)
    {
        List<string> all = [TableClient.CreateQueryFilter($"RowKey eq {RowKeys.Instance}")];
        if (query.Name is { } name)
        {
            all.Add(TableClient.CreateQueryFilter($"Name eq {name}"));
        }
        if (query.InstanceIdPrefix is { Length: > 0 } prefix)
        {
            var from = RowKeys.Escape(prefix);
            var to = $"{from[..^1]}{(char)(from[^1] + 1)}";
            all.Add(TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {to}"));
        }
        if (query.Statuses is { Count: > 0 } statuses)
        {
            all.Add($"({string.Join(" or ", statuses.Select(status => TableClient.CreateQueryFilter($"Status eq {(int)status}")))})");
        }
        if (query.CreatedFrom is { } createdFrom)
        {
            all.Add(TableClient.CreateQueryFilter($"CreatedAt ge {createdFrom}"));
        }
        if (query.CreatedBefore is { } createdBefore)
        {
            all.Add(TableClient.CreateQueryFilter($"CreatedAt lt {createdBefore}"));
        }
        if (query.UpdatedBefore is { } updatedBefore)
        {
            all.Add(TableClient.CreateQueryFilter($"UpdatedAt lt {updatedBefore}"));
        }
        return string.Join(" and ", all);
    }
}
