using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;
using Dweb.Durable.Storage;

namespace Dweb.Durable.Tests.Fixtures;

/// <summary>
/// A hub's storage in memory, for tests with more instances than the emulator answers for in the time of a test: it looks at each row of a table
/// for every query. It knows filters on keys only, and no blobs.
/// </summary>
internal sealed partial class MemoryStore : IHubStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(HubTable Table, string Partition), SortedDictionary<string, TableEntity>> _partitions = [];
    private long _version;

    public Task CreateAsync(CancellationToken ct) => Task.CompletedTask;

    public Task<TableEntity?> GetAsync(HubTable table, string partition, string row, CancellationToken ct)
    {
        lock (_gate)
        {
            return Task.FromResult(Rows(table, partition).TryGetValue(row, out var found) ? Copy(found) : null);
        }
    }

    public async IAsyncEnumerable<TableEntity> QueryAsync(HubTable table, string filter, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Yield();
        foreach (var row in Matches(table, filter))
        {
            yield return row;
        }
    }

    public Task<(IReadOnlyList<TableEntity> Rows, string? Next)> QueryPageAsync(HubTable table, string filter, int size, string? from, CancellationToken ct) =>
        throw new NotSupportedException("Pages are tested on the emulator.");

    public Task<bool> InsertAsync(HubTable table, TableEntity row, CancellationToken ct)
    {
        lock (_gate)
        {
            return Task.FromResult(Rows(table, row.PartitionKey).TryAdd(row.RowKey, Versioned(row)));
        }
    }

    public Task UpsertAsync(HubTable table, TableEntity row, CancellationToken ct)
    {
        lock (_gate)
        {
            Rows(table, row.PartitionKey)[row.RowKey] = Versioned(row);
            return Task.CompletedTask;
        }
    }

    public Task DeleteAsync(HubTable table, string partition, string row, ETag version, CancellationToken ct)
    {
        lock (_gate)
        {
            var rows = Rows(table, partition);
            if (version == ETag.All || rows.GetValueOrDefault(row)?.ETag == version)
            {
                rows.Remove(row);
            }
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<ETag>> SubmitAsync(HubTransaction transaction, CancellationToken ct)
    {
        lock (_gate)
        {
            var rows = Rows(HubTable.Instances, transaction.Partition);
            foreach (var action in transaction.Actions)
            {
                var there = rows.GetValueOrDefault(action.Entity.RowKey);
                int? refusal = action.ActionType switch
                {
                    TableTransactionActionType.Add => there is null ? null : 409,
                    TableTransactionActionType.UpsertReplace => null,
                    _ when there is null => 404,
                    _ => action.ETag == ETag.All || action.ETag == there.ETag ? null : 412,
                };
                if (refusal is { } status)
                {
                    throw new StoreConflictException(status, new RequestFailedException(status, "not what was expected"));
                }
            }
            return Task.FromResult<IReadOnlyList<ETag>>([.. transaction.Actions.Select(action => Carry(rows, action))]);
        }
    }

    public Task PutBlobAsync(string name, BinaryData content, CancellationToken ct) => throw new NotSupportedException("Blobs are tested on the emulator.");

    public Task<BinaryData> GetBlobAsync(string name, CancellationToken ct) => throw new NotSupportedException("Blobs are tested on the emulator.");

    public Task DeleteBlobsAsync(string prefix, CancellationToken ct) => Task.CompletedTask;

    private ETag Carry(SortedDictionary<string, TableEntity> rows, TableTransactionAction action)
    {
        var given = (TableEntity)action.Entity;
        if (action.ActionType == TableTransactionActionType.Delete)
        {
            rows.Remove(given.RowKey);
            return default;
        }
        var row = given;
        if (action.ActionType == TableTransactionActionType.UpdateMerge)
        {
            row = Copy(rows[given.RowKey]);
            foreach (var (name, value) in given)
            {
                row[name] = value;
            }
        }
        row = Versioned(row);
        rows[row.RowKey] = row;
        return row.ETag;
    }

    private TableEntity[] Matches(HubTable table, string filter)
    {
        var terms = Term().Matches(filter).Select(term => (
            Key: term.Groups["key"].Value,
            Operator: term.Groups["op"].Value,
            Value: term.Groups["value"].Value.Replace("''", "'", StringComparison.Ordinal))).ToArray();
        var (_, _, partition) = Array.Find(terms, term => term is { Key: "PartitionKey", Operator: "eq" });
        if (partition is null || Term().Replace(filter, "").Replace(" and ", "", StringComparison.Ordinal).Length > 0)
        {
            throw new NotSupportedException($"The storage in memory does not know the filter {filter}.");
        }
        lock (_gate)
        {
            return [.. Rows(table, partition).Values.Where(row => terms.All(
                term => term.Key == "PartitionKey" || Holds(term.Operator, string.CompareOrdinal(row.RowKey, term.Value)))).Select(Copy)];
        }
    }

    private static bool Holds(string comparison, int order) => comparison switch
    {
        "eq" => order == 0,
        "ge" => order >= 0,
        _ => order < 0,
    };

    private SortedDictionary<string, TableEntity> Rows(HubTable table, string partition)
    {
        if (!_partitions.TryGetValue((table, partition), out var rows))
        {
            _partitions.Add((table, partition), rows = new(StringComparer.Ordinal));
        }
        return rows;
    }

    private TableEntity Versioned(TableEntity row)
    {
        var copy = Copy(row);
        copy.ETag = new ETag((++_version).ToString(CultureInfo.InvariantCulture));
        return copy;
    }

    private static TableEntity Copy(TableEntity row) => new(row) { ETag = row.ETag };

    [GeneratedRegex("(?<key>PartitionKey|RowKey) (?<op>eq|ge|lt) '(?<value>([^']|'')*)'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Term();
}
