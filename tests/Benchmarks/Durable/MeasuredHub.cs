using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Dweb.Durable;
using Dweb.Durable.Hub;
using Dweb.Durable.Storage;
using Dweb.Durable.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Benchmarks.Durable;

/// <summary>Hubs as a program has them, each under a name of its own.</summary>
internal static class MeasuredHub
{
    private static int _named;

    public static string NewName() => $"B{Environment.ProcessId}x{Interlocked.Increment(ref _named)}";

    /// <param name="connection">Of the storage.</param>
    /// <param name="name">Of the hub.</param>
    /// <param name="locks">Folder of the lock file; null for none.</param>
    /// <param name="mostIdle">Waiting instances that keep their history.</param>
    public static Task<EmbeddedHub> OnStorageAsync(string connection, string name, string? locks = null, int? mostIdle = null)
    {
        var options = Options(connection, name, locks, mostIdle);
        var store = new AzureHubStore(name, options.Tables, options.Blobs);
        return StartAsync(options, store, new BlobHubLease(options, store.Container, TimeProvider.System, NullLogger.Instance));
    }

    /// <summary>The same without a storage: what the hub itself costs.</summary>
    public static Task<EmbeddedHub> InMemoryAsync(MemoryStore store, int? mostIdle = null) =>
        StartAsync(Options("UseDevelopmentStorage=true", NewName(), null, mostIdle), store, new GivenLease());

    private static EmbeddedHubOptions Options(string connection, string name, string? locks, int? mostIdle)
    {
        var options = new EmbeddedHubOptions { HubName = name, Tables = new TableServiceClient(connection), Blobs = new BlobServiceClient(connection), LockDirectory = locks };
        return mostIdle is { } most ? options with { MaxIdleInstances = most } : options;
    }

    private static async Task<EmbeddedHub> StartAsync(EmbeddedHubOptions options, IHubStore store, IHubLease lease)
    {
        var registry = Workload.Registry();
        var worker = new OrchestratorWorker(registry);
        var hub = new EmbeddedHub(new HubEngine(
            options, store, lease, (request, ct) => new(worker.ExecuteAsync(request, ct)), new ActivityWorker(registry).ExecuteAsync, TimeProvider.System, NullLogger.Instance));
        await hub.StartAsync(CancellationToken.None);
        return hub;
    }
}
