using Azure;
using Azure.Data.Tables;

namespace Dweb.Durable.Storage;

internal enum HubTable
{
    /// <summary>A partition an instance.</summary>
    Instances,

    /// <summary>A row for each instance that may still have something to do.</summary>
    Live,
}

/// <summary>All that the hub does to its storage. Tests put themselves between the two.</summary>
internal interface IHubStore
{
    Task CreateAsync(CancellationToken ct);

    Task<TableEntity?> GetAsync(HubTable table, string partition, string row, CancellationToken ct);

    IAsyncEnumerable<TableEntity> QueryAsync(HubTable table, string filter, CancellationToken ct);

    /// <summary>At most <paramref name="size"/> rows, and the token of the next page.</summary>
    Task<(IReadOnlyList<TableEntity> Rows, string? Next)> QueryPageAsync(HubTable table, string filter, int size, string? from, CancellationToken ct);

    /// <summary>False when the row is already there.</summary>
    Task<bool> InsertAsync(HubTable table, TableEntity row, CancellationToken ct);

    Task UpsertAsync(HubTable table, TableEntity row, CancellationToken ct);

    /// <summary>Deletes a row of this version, or of any; one that is gone, or has another version, is left as it is.</summary>
    Task DeleteAsync(HubTable table, string partition, string row, ETag version, CancellationToken ct);

    /// <summary>Commits to the table of instances; gives the new versions in the order of the actions.</summary>
    /// <exception cref="StoreConflictException">A row is not what the transaction expects; nothing was written.</exception>
    Task<IReadOnlyList<ETag>> SubmitAsync(HubTransaction transaction, CancellationToken ct);

    Task PutBlobAsync(string name, BinaryData content, CancellationToken ct);

    Task<BinaryData> GetBlobAsync(string name, CancellationToken ct);

    Task DeleteBlobsAsync(string prefix, CancellationToken ct);
}

/// <summary>A row was not what a transaction expected.</summary>
internal sealed class StoreConflictException(int status, Exception cause) : Exception($"The storage refused a transaction ({status}).", cause)
{
    /// <summary>412: another version; 409: already there; 404: not there.</summary>
    public int Status { get; } = status;
}
