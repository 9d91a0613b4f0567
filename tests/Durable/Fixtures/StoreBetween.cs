using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Dweb.Durable.Storage;

namespace Dweb.Durable.Tests.Fixtures;

/// <summary>Stands between a hub and its storage: counts writes, and can die before or after any one of them.</summary>
internal sealed class StoreBetween(IHubStore inner) : IHubStore
{
    private int _writes;
    private volatile bool _isDead;

    public int Writes => _writes;

    public int Transactions { get; private set; }

    /// <summary>The number of the write at which the process dies, counted from 1; 0 for never.</summary>
    public int DiesAt { get; set; }

    /// <summary>Whether that write still reaches the storage.</summary>
    public bool AfterWriting { get; set; }

    /// <summary>Is awaited before a query, with its filter.</summary>
    public Func<string, Task> Querying { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Is awaited after an insert, with whether there was a row to insert, before the hub hears of it.</summary>
    public Func<bool, Task> Inserted { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Is awaited after a transaction, before the hub hears of it.</summary>
    public Func<Task> Submitted { get; init; } = static () => Task.CompletedTask;

    /// <summary>Is awaited before an entry of the live index is deleted.</summary>
    public Func<Task> DeletingLive { get; init; } = static () => Task.CompletedTask;

    /// <summary>Is awaited before blobs are deleted.</summary>
    public Func<Task> DeletingBlobs { get; init; } = static () => Task.CompletedTask;

    /// <summary>Is awaited at that write; true when the process lives on after all.</summary>
    public Func<Task<bool>> Dying { get; init; } = static () => Task.FromResult(false);

    public TaskCompletionSource Died { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task CreateAsync(CancellationToken ct) => inner.CreateAsync(ct);

    public Task<TableEntity?> GetAsync(HubTable table, string partition, string row, CancellationToken ct)
    {
        ThrowIfDead();
        return inner.GetAsync(table, partition, row, ct);
    }

    public async IAsyncEnumerable<TableEntity> QueryAsync(HubTable table, string filter, [EnumeratorCancellation] CancellationToken ct)
    {
        ThrowIfDead();
        await Querying(filter);
        await foreach (var row in inner.QueryAsync(table, filter, ct))
        {
            yield return row;
        }
    }

    public Task<(IReadOnlyList<TableEntity> Rows, string? Next)> QueryPageAsync(HubTable table, string filter, int size, string? from, CancellationToken ct)
    {
        ThrowIfDead();
        return inner.QueryPageAsync(table, filter, size, from, ct);
    }

    public Task<bool> InsertAsync(HubTable table, TableEntity row, CancellationToken ct) => WriteAsync(async () =>
    {
        var inserted = await inner.InsertAsync(table, row, ct);
        await Inserted(inserted);
        return inserted;
    });

    public Task UpsertAsync(HubTable table, TableEntity row, CancellationToken ct) => WriteAsync(async () =>
    {
        await inner.UpsertAsync(table, row, ct);
        return true;
    });

    public Task DeleteAsync(HubTable table, string partition, string row, ETag version, CancellationToken ct) => WriteAsync(async () =>
    {
        await (table == HubTable.Live ? DeletingLive() : Task.CompletedTask);
        await inner.DeleteAsync(table, partition, row, version, ct);
        return true;
    });

    public Task<IReadOnlyList<ETag>> SubmitAsync(HubTransaction transaction, CancellationToken ct)
    {
        Transactions++;
        return WriteAsync(async () =>
        {
            var etags = await inner.SubmitAsync(transaction, ct);
            await Submitted();
            return etags;
        });
    }

    public Task PutBlobAsync(string name, BinaryData content, CancellationToken ct) => WriteAsync(async () =>
    {
        await inner.PutBlobAsync(name, content, ct);
        return true;
    });

    public Task<BinaryData> GetBlobAsync(string name, CancellationToken ct)
    {
        ThrowIfDead();
        return inner.GetBlobAsync(name, ct);
    }

    public Task DeleteBlobsAsync(string prefix, CancellationToken ct) => WriteAsync(async () =>
    {
        await DeletingBlobs();
        await inner.DeleteBlobsAsync(prefix, ct);
        return true;
    });

    private async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        ThrowIfDead();
        if (Interlocked.Increment(ref _writes) != DiesAt)
        {
            return await write();
        }
        if (AfterWriting)
        {
            var written = await write();
            if (await Dying())
            {
                return written;
            }
        }
        else if (await Dying())
        {
            return await write();
        }
        _isDead = true;
        Died.TrySetResult();
        throw new StoreDiedException();
    }

    private void ThrowIfDead()
    {
        if (_isDead)
        {
            throw new StoreDiedException();
        }
    }
}

internal sealed class StoreDiedException : Exception;
