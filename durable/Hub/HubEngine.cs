using System.Collections.Concurrent;
using Azure.Data.Tables;
using Dweb.Durable.Storage;
using Dweb.Durable.Wire;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Dweb.Durable.Hub;

/// <summary>The instances of a hub in memory, and all that they share.</summary>
internal sealed partial class HubEngine : IAsyncDisposable
{
    private const int LoadsAtATime = 16;
    private readonly ConcurrentDictionary<string, InstanceActor> _actors = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborted = new();
    private readonly SemaphoreSlim _turns;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> _worker;
    private long _order;
    private bool _isDisposed;

    public HubEngine(EmbeddedHubOptions options, IHubStore store, IHubLease lease,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> worker, ActivityDispatcher activities, TimeProvider time, ILogger logger)
    {
        (Lease, Time, Logger, _worker) = (lease, time, logger, worker);
        Outage = new(time, logger);
        Store = new WatchedStore(store, Outage);
        _turns = new(options.MaxConcurrentTurns, options.MaxConcurrentTurns);
        Timers = new(time, Fire);
        Idle = new(options.MaxIdleInstances);
        Activities = new(activities, options.MaxConcurrentActivities, InFlight, time, _stopping.Token);
    }

    public IHubStore Store { get; }

    public StorageOutage Outage { get; }

    public IHubLease Lease { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public InFlight InFlight { get; } = new();

    public TimerQueue Timers { get; }

    public ActivityPump Activities { get; }

    public IdleInstances Idle { get; }

    /// <summary>Of instances that wait and of those that have something to do.</summary>
    public int HistoriesInMemory => _actors.Values.Count(actor => actor.HoldsHistory);

    /// <summary>Reading histories is limited, so that a start with many live instances takes its memory a few at a time.</summary>
    public SemaphoreSlim Loads { get; } = new(LoadsAtATime, LoadsAtATime);

    /// <summary>No new work is begun.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>What is under way is broken off too.</summary>
    public CancellationToken Aborted => _aborted.Token;

    public async Task StartAsync(CancellationToken ct)
    {
        await Store.CreateAsync(ct);
        await Lease.AcquireAsync(ct);
        Lease.Lost.Register(Abort);
        List<InstanceActor> live = [];
        await foreach (var row in Store.QueryAsync(HubTable.Live, TableClient.CreateQueryFilter($"PartitionKey eq {RowKeys.LivePartition}"), ct))
        {
            live.Add(_actors.GetOrAdd(row.GetString("Id"), static (id, from) => new InstanceActor(from.Engine, id) { IndexEntry = from.Version }, (Engine: this, Version: row.ETag)));
        }
        // All are known before the first one runs, so that what one says to another finds it. New work does not wait until they have been read.
        live.ForEach(actor => actor.Wake());
        LogStarted(Logger, live.Count);
    }

    public async Task StopAsync(CancellationToken ct)
    {
        await _stopping.CancelAsync();
        await InFlight.WhenIdleAsync(ct);
        await Lease.GiveBackAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // A container that knows the hub by two names ends it twice.
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }
        Abort();
        await InFlight.WhenIdleAsync(CancellationToken.None);
        await Timers.DisposeAsync();
        await Lease.DisposeAsync();
        _turns.Dispose();
        Loads.Dispose();
        _stopping.Dispose();
        _aborted.Dispose();
    }

    public void Forget(InstanceActor actor) => _actors.TryRemove(new(actor.InstanceId, actor));

    public InstanceActor? Find(string instanceId) => _actors.GetValueOrDefault(instanceId);

    /// <summary>Brings an instance that may have something to do into memory.</summary>
    public void Resume(string instanceId) => _actors.GetOrAdd(instanceId, NewActor).Wake();

    /// <summary>Inserts an instance and its first page. False when the id is taken by something started otherwise.</summary>
    public async Task<bool> StartInstanceAsync(NewInstance start, CancellationToken ct)
    {
        var (row, seed) = start.ToRows(Time.GetUtcNow());
        if (_actors.ContainsKey(start.InstanceId) && await StartKeyOfAsync(row.InstanceId, ct) is { } running)
        {
            return running == row.StartKey;
        }
        await Lease.EnsureFreshAsync(ct);
        await Store.UpsertAsync(HubTable.Live, new TableEntity(RowKeys.LivePartition, row.Partition) { ["Id"] = row.InstanceId }, ct);
        var transaction = new HubTransaction(row.Partition).Insert(row.ToEntity());
        await HistoryPages.WriteAsync(Store, transaction, 0, 0, seed, ct);
        try
        {
            var etags = await Store.SubmitAsync(transaction, ct);
            var history = new InstanceHistory(row with { ETag = etags[0] }, seed);
            while (_actors.GetOrAdd(row.InstanceId, NewActor) is var actor && !actor.Adopt(history))
            {
                Forget(actor);
            }
            return true;
        }
        catch (StoreConflictException taken) when (taken.Status == 409)
        {
            if (await ReadRowAsync(start.InstanceId, ct) is { IsPurged: true } left)
            {
                // A purge that was broken off, or is under way, has been promised the id.
                await InstancePurge.RunAsync(Store, left, ct);
                return await StartInstanceAsync(start, ct);
            }
            // Whoever is there takes care of the index entry, also when it has ended.
            _actors.GetOrAdd(row.InstanceId, NewActor).Wake();
            return await StartKeyOfAsync(row.InstanceId, ct) == row.StartKey;
        }
    }

    /// <summary>An instance's state; null where there is none, or only what a purge has left.</summary>
    public async Task<InstanceRow?> FindRowAsync(string instanceId, CancellationToken ct) =>
        await ReadRowAsync(instanceId, ct) is { IsPurged: false } row ? row : null;

    /// <summary>The same, and also what a purge has left.</summary>
    public async Task<InstanceRow?> ReadRowAsync(string instanceId, CancellationToken ct) =>
        await Store.GetAsync(HubTable.Instances, RowKeys.Escape(instanceId), RowKeys.Instance, ct) is { } row ? InstanceRow.From(row) : null;

    /// <summary>A number that grows with each call and across restarts.</summary>
    public long NextOrder()
    {
        while (true)
        {
            var last = Interlocked.Read(ref _order);
            var next = Math.Max(last + 1, Time.GetUtcNow().UtcTicks);
            if (Interlocked.CompareExchange(ref _order, next, last) == last)
            {
                return next;
            }
        }
    }

    public async Task<OrchestratorResponse> AskWorkerAsync(OrchestratorRequest request, bool mayRewind = false)
    {
        byte[] answer;
        await _turns.WaitAsync(Stopping);
        try
        {
            answer = await _worker(request.ToByteArray(), Aborted);
        }
        finally
        {
            _turns.Release();
        }
        var response = WorkerAnswer.Read(request.InstanceId, answer, mayRewind, out var fault);
        if (fault is not null)
        {
            LogRefused(Logger, request.InstanceId, fault);
        }
        return response;
    }

    private async Task<string?> StartKeyOfAsync(string instanceId, CancellationToken ct) => (await FindRowAsync(instanceId, ct))?.StartKey;

    private InstanceActor NewActor(string instanceId) => new(this, instanceId);

    private void Fire(DueTimer timer) => Find(timer.InstanceId)?.Post(Arrival.Local(timer.Generation, HistoryEvents.TimerFired(Time.GetUtcNow(), timer)));

    private void Abort()
    {
        _stopping.Cancel();
        _aborted.Cancel();
    }
}
