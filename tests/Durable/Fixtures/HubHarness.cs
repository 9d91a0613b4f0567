using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Dweb.Durable.Hub;
using Dweb.Durable.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Durable.Tests.Fixtures;

/// <summary>A hub's storage under a name of its own, on which hubs are started, crashed and started again.</summary>
internal sealed class HubHarness(Azurite azurite, OrchestrationRegistry registry) : IAsyncDisposable
{
    private static int _hubs;
    private readonly List<EmbeddedHub> _started = [];
    private readonly string _locks = Directory.CreateTempSubdirectory("dweb-hub-").FullName;

    public string HubName { get; } = $"T{Environment.ProcessId}x{Interlocked.Increment(ref _hubs)}";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    public bool UseLockFile { get; init; } = true;

    public int MaxConcurrentActivities { get; init; } = 64;

    public int MaxIdleInstances { get; init; } = 1_000;

    /// <summary>Where the hub finds its storage, if it is not to go there straight.</summary>
    public string? Connection { get; init; }

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public AzureHubStore Store => new(HubName, azurite.Tables, azurite.Blobs);

    public EmbeddedHubOptions Options => new()
    {
        HubName = HubName,
        Tables = Connection is null ? azurite.Tables : new TableServiceClient(Connection),
        Blobs = Connection is null ? azurite.Blobs : new BlobServiceClient(Connection),
        LockDirectory = UseLockFile ? _locks : null,
        LeaseDuration = LeaseDuration,
        MaxConcurrentActivities = MaxConcurrentActivities,
        MaxIdleInstances = MaxIdleInstances,
    };

    /// <summary>Starts a hub on this storage, over a store of the test's where one is given.</summary>
    public async Task<EmbeddedHub> StartAsync(Func<IHubStore, IHubStore>? between = null, IHubLease? lease = null, ActivityDispatcher? activities = null,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>>? worker = null)
    {
        var hub = Build(between, lease, activities, worker);
        await hub.StartAsync(TestContext.Current.CancellationToken);
        return hub;
    }

    public EmbeddedHub Build(Func<IHubStore, IHubStore>? between = null, IHubLease? lease = null, ActivityDispatcher? activities = null,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>>? worker = null)
    {
        var store = new AzureHubStore(HubName, Options.Tables, Options.Blobs);
        var ours = new OrchestratorWorker(registry);
        var hub = new EmbeddedHub(new HubEngine(Options, between?.Invoke(store) ?? store,
            lease ?? new BlobHubLease(Options, store.Container, Time, Logger), worker ?? ((request, _) => ValueTask.FromResult(ours.Execute(request))),
            activities ?? new ActivityWorker(registry).ExecuteAsync, Time, Logger));
        _started.Add(hub);
        return hub;
    }

    /// <summary>Ends a hub as a crash would: nothing is given back and nothing is finished.</summary>
    public async Task CrashAsync(EmbeddedHub hub)
    {
        _started.Remove(hub);
        await hub.DisposeAsync();
    }

    public async Task<int> CountLiveAsync()
    {
        var count = 0;
        await foreach (var row in Store.QueryAsync(HubTable.Live, "", TestContext.Current.CancellationToken))
        {
            count++;
        }
        return count;
    }

    public ValueTask<int> CountInboxAsync(string id) => CountRowsAsync(id, RowKeys.InboxPrefix);

    /// <summary>Rows of an instance whose keys begin so.</summary>
    public async ValueTask<int> CountRowsAsync(string id, string prefix = "") => await Store
        .QueryAsync(HubTable.Instances, TableClient.CreateQueryFilter($"PartitionKey eq {RowKeys.Escape(id)}"), TestContext.Current.CancellationToken)
        .CountAsync(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var hub in _started)
        {
            await hub.DisposeAsync();
        }
        Directory.Delete(_locks, recursive: true);
    }
}
