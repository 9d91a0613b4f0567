using Dweb.Durable.Hub;
using Dweb.Durable.Storage;
using Dweb.Durable.Wire;
using Microsoft.Extensions.Logging;

namespace Dweb.Durable;

/// <summary>
/// A task hub in this process, with its state in Azure Tables and Blobs. It knows the worker only as bytes in and bytes out, and activities
/// only as names with JSON text. One process owns a hub at a time; every accepted start and event survives its crash.
/// </summary>
public sealed partial class EmbeddedHub : IOrchestrationClient, IAsyncDisposable
{
    private readonly HubEngine _engine;

    /// <summary>A hub that has yet to be started.</summary>
    /// <param name="worker">Runs one work item: OrchestratorRequest bytes to OrchestratorResponse bytes. What it throws is logged and tried again.</param>
    /// <param name="activities">Runs one activity. It may be called again for a call whose result was lost in a crash.</param>
    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    public EmbeddedHub(EmbeddedHubOptions options, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> worker, ActivityDispatcher activities,
        TimeProvider time, ILogger<EmbeddedHub> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = new AzureHubStore(options.Validated().HubName, options.Tables, options.Blobs);
        _engine = new(options, store, new BlobHubLease(options, store.Container, time, logger), worker, activities, time, logger);
    }

    internal EmbeddedHub(HubEngine engine) => _engine = engine;

    /// <summary>Cancelled when the hub's lease is lost: nothing is committed any more, and the process should exit.</summary>
    public CancellationToken LeaseLost => _engine.Lease.Lost;

    /// <summary>Instances whose history is in memory.</summary>
    internal int HistoriesInMemory => _engine.HistoriesInMemory;

    /// <summary>Timers that have yet to fire.</summary>
    internal int TimersAhead => _engine.Timers.Count;

    /// <summary>Creates tables and container where they are missing, takes the lease, and resumes every live instance.</summary>
    /// <exception cref="HubLeaseException">Another process kept the lease.</exception>
    public Task StartAsync(CancellationToken ct) => _engine.StartAsync(ct);

    /// <summary>Takes no new work, cancels activities, waits for what runs, and gives the lease back.</summary>
    public Task StopAsync(CancellationToken ct) => _engine.StopAsync(ct);

    /// <summary>Breaks off what runs. Without <see cref="StopAsync"/> before it, this leaves the storage as a crash would.</summary>
    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    /// <inheritdoc/>
    public async Task StartAsync<TIn, TOut>(OrchestrationDefinition<TIn, TOut> orchestration, string instanceId, TIn input, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (!await _engine.StartInstanceAsync(new NewInstance(instanceId, orchestration.Name, Json.Write(input, orchestration.Input), Version: orchestration.Version), ct))
        {
            throw new OrchestrationConflictException(instanceId, "the id is taken by another orchestration or another input.");
        }
    }

    /// <inheritdoc/>
    public async Task RaiseEventAsync<T>(string instanceId, EventDefinition<T> e, T payload, string eventId, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventId);
        var raised = HistoryEvents.Raised(_engine.Time.GetUtcNow(), e.Name, Json.Write(payload, e.Payload));
        await DeliverAsync(instanceId, eventId, raised, endedIsFine: false, ct);
    }

    /// <inheritdoc/>
    public async Task<OrchestrationState?> GetAsync(string instanceId, CancellationToken ct)
    {
        if (await _engine.FindRowAsync(instanceId, ct) is not { } row)
        {
            return null;
        }
        return row.TextsInHistory ? await WithTextsAsync(row, ct) : row.ToState();
    }

    /// <inheritdoc/>
    public Task TerminateAsync(string instanceId, string? reason, CancellationToken ct) =>
        DeliverAsync(instanceId, NewId(), HistoryEvents.Terminated(_engine.Time.GetUtcNow(), reason), endedIsFine: true, ct);

    /// <inheritdoc/>
    public Task SuspendAsync(string instanceId, string? reason, CancellationToken ct) =>
        DeliverAsync(instanceId, NewId(), HistoryEvents.Suspended(_engine.Time.GetUtcNow(), reason), endedIsFine: false, ct);

    /// <inheritdoc/>
    public Task ResumeAsync(string instanceId, string? reason, CancellationToken ct) =>
        DeliverAsync(instanceId, NewId(), HistoryEvents.Resumed(_engine.Time.GetUtcNow(), reason), endedIsFine: false, ct);

    /// <inheritdoc/>
    public async Task<OrchestrationState> WaitForCompletionAsync(string instanceId, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _engine.Stopping);
        while (true)
        {
            if (_engine.Find(instanceId) is { } actor)
            {
                await actor.Ended.WaitAsync(either.Token);
            }
            var state = await GetAsync(instanceId, ct) ?? throw new OrchestrationNotFoundException(instanceId);
            if (state.IsTerminal)
            {
                return state;
            }
            _engine.Resume(instanceId);
        }
    }

    private async Task DeliverAsync(string instanceId, string eventId, HistoryEvent e, bool endedIsFine, CancellationToken ct)
    {
        var inbox = new InboxRow(RowKeys.FromOutside(eventId), null, _engine.NextOrder(), e);
        switch (await _engine.DeliverAsync(instanceId, inbox, ct))
        {
            case DeliveryResult.NotFound:
                throw new OrchestrationNotFoundException(instanceId);
            case DeliveryResult.Ended when !endedIsFine:
                throw new OrchestrationEndedException(instanceId, (await _engine.FindRowAsync(instanceId, ct))?.Status ?? OrchestrationStatus.Completed);
            default:
                return;
        }
    }

    private async Task<OrchestrationState> WithTextsAsync(InstanceRow row, CancellationToken ct) => StateOf(row, await InstanceLoader.PagesAsync(_engine.Store, row, ct));

    private static OrchestrationState StateOf(InstanceRow row, IEnumerable<HistoryPage> pages)
    {
        if (!row.TextsInHistory)
        {
            return row.ToState();
        }
        var events = pages.SelectMany(page => page.Events).ToArray();
        var started = Array.Find(events, e => e.ExecutionStarted is not null)?.ExecutionStarted;
        var ended = Array.FindLast(events, e => e.ExecutionCompleted is not null)?.ExecutionCompleted;
        return row.ToState() with
        {
            Input = started?.Input ?? row.Input,
            Output = ended?.Result ?? row.Output,
            Failure = ended?.FailureDetails is { } failure ? Failures.FromWire(failure) : null,
        };
    }

    private static string NewId() => Guid.NewGuid().ToString("N");
}
