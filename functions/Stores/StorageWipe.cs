using Azure.Data.Tables.Models;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Stores;

/// <summary>
/// Removes all that a control plane has written: tables, queues, blobs and its task hub's lock. Keys and settings stay. Nothing is lost that chain, agents
/// and users do not have; the next start reads it from them.
/// </summary>
internal static class StorageWipe
{
    /// <returns>How many tables, queues and containers there were.</returns>
    public static async Task<int> RunAsync(ControlPlaneSettings settings, CancellationToken cancellationToken)
    {
        var storage = new StorageAccount(settings.StorageConnection);
        await storage.CheckReachableAsync(cancellationToken);
        int removed = 0;
        await foreach (TableItem table in storage.Tables.QueryAsync(cancellationToken: cancellationToken).Where(static t => IsOurs(t.Name)))
        {
            await storage.Tables.DeleteTableAsync(table.Name, cancellationToken);
            removed++;
        }

        await foreach (var queue in storage.Queues.GetQueuesAsync(prefix: StorageAccount.Prefix, cancellationToken: cancellationToken))
        {
            await storage.Queues.DeleteQueueAsync(queue.Name, cancellationToken);
            removed++;
        }

        await foreach (var container in storage.Blobs.GetBlobContainersAsync(prefix: StorageAccount.Prefix, cancellationToken: cancellationToken))
        {
            await storage.Blobs.DeleteBlobContainerAsync(container.Name, cancellationToken: cancellationToken);
            removed++;
        }

        string hub = Path.Combine(settings.DataFolder, "hub");
        if (Directory.Exists(hub))
        {
            Directory.Delete(hub, recursive: true);
        }

        return removed;
    }

    private static bool IsOurs(string table) => table.StartsWith(StorageAccount.Prefix, StringComparison.OrdinalIgnoreCase);
}
