using System.Text.Json.Serialization.Metadata;
using Dweb.Durable.Wire;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;

namespace Dweb.Durable.Execution;

/// <summary>
/// The context of one turn: turns calls into numbered actions and completes them from history. Its own awaits capture nothing,
/// so that the orchestrator's next step is queued, or continues, exactly where the orchestrator's own await says.
/// </summary>
internal sealed class ReplayContext(string instanceId, TurnScheduler scheduler, PatchRecord patches) : OrchestrationContext
{
    /// <summary>Timers beyond this are made of several, because engines limit how far ahead one may lie.</summary>
    internal static readonly TimeSpan LongestTimer = TimeSpan.FromDays(3);

    internal const int MaxCustomStatusLength = 16_384;

    private string _executionId = instanceId;
    private string? _parent;
    private RegisteredOrchestration? _self;
    private bool _isReplaying;
    private DateTimeOffset _now;
    private string? _version;
    private int _guids;
    private ReplayRandom? _random;

    internal ActionLog Actions { get; } = new(instanceId);

    internal OpenTasks Tasks { get; } = new();

    internal EventBuffer Events { get; } = new();

    internal string? CustomStatus { get; private set; }

    internal (string Input, bool KeepEvents, string? Version)? Renewal { get; private set; }

    public override string InstanceId { get; } = instanceId;

    public override string? ParentInstanceId => _parent;

    public override string? Version => _version;

    public override bool IsReplaying => _isReplaying;

    public override DateTimeOffset CurrentUtc => _now;

    public override Random Random
    {
        get
        {
            scheduler.ThrowIfOffTurn(nameof(Random));
            return _random ??= new(ReplaySafeIds.Seed(InstanceId, _executionId));
        }
    }

    internal void SetReplaying(bool replaying) => _isReplaying = replaying;

    internal void SetTime(Timestamp? now) => _now = now?.ToDateTimeOffset() ?? _now;

    internal void Begin(RegisteredOrchestration self, ExecutionStartedEvent started)
    {
        _self = self;
        _executionId = started.OrchestrationInstance?.ExecutionId is { Length: > 0 } id ? id : InstanceId;
        _version = started.Version;
        _parent = started.ParentInstance?.OrchestrationInstance?.InstanceId;
    }

    public override Task<TOut> CallAsync<TIn, TOut>(ActivityDefinition<TIn, TOut> activity, TIn input, RetryPolicy? retry = null)
    {
        ArgumentNullException.ThrowIfNull(activity);
        scheduler.ThrowIfOffTurn(nameof(CallAsync));
        var json = Json.Write(input, activity.Input);
        return Attempts(_ => Schedule(activity.Name, new OrchestratorAction { ScheduleTask = new() { Name = activity.Name, Input = json } }), activity.Output, retry);
    }

    public override Task<TOut> CallSubOrchestrationAsync<TIn, TOut>(
        OrchestrationDefinition<TIn, TOut> orchestration, TIn input, string? instanceId = null, RetryPolicy? retry = null)
    {
        ArgumentNullException.ThrowIfNull(orchestration);
        scheduler.ThrowIfOffTurn(nameof(CallSubOrchestrationAsync));
        var json = Json.Write(input, orchestration.Input);
        return Attempts(attempt => ScheduleChild(orchestration.Name, orchestration.Version, json, instanceId, attempt), orchestration.Output, retry);
    }

    public override async Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken ct = default)
    {
        scheduler.ThrowIfOffTurn(nameof(CreateTimerAsync));
        for (; fireAt - _now > LongestTimer; ct.ThrowIfCancellationRequested())
        {
            await OneTimer(_now + LongestTimer, ct).ConfigureAwait(false);
        }
        await OneTimer(fireAt, ct).ConfigureAwait(false);
    }

    public override async Task<T> WaitForEventAsync<T>(EventDefinition<T> e, CancellationToken ct = default)
    {
        scheduler.ThrowIfOffTurn(nameof(WaitForEventAsync));
        return Json.Read(await Events.Wait(e.Name, ct).ConfigureAwait(false), e.Payload);
    }

    public override async Task<EventOrTimeout<T>> WaitForEventAsync<T>(EventDefinition<T> e, TimeSpan timeout, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        scheduler.ThrowIfOffTurn(nameof(WaitForEventAsync));
        if (Events.TryTake(e.Name, out var buffered))
        {
            return new(false, Json.Read(buffered, e.Payload));
        }
        using var loser = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var timer = CreateTimerAsync(timeout, loser.Token);
        var arrival = Events.Wait(e.Name, loser.Token);
        var first = await Task.WhenAny(timer, arrival).ConfigureAwait(false);
#pragma warning disable CA1849, MA0042, MA0045 // CancelAsync would call back on another thread.
        loser.Cancel();
#pragma warning restore CA1849, MA0042, MA0045
        if (first == arrival)
        {
            return new(false, Json.Read(await arrival.ConfigureAwait(false), e.Payload));
        }
        await timer.ConfigureAwait(false);
        return new(true, default);
    }

    public override void SendEvent<T>(string instanceId, EventDefinition<T> e, T payload)
    {
        scheduler.ThrowIfOffTurn(nameof(SendEvent));
        Actions.Add(new OrchestratorAction
        {
            Id = Actions.TakeId(),
            SendEvent = new() { Instance = new() { InstanceId = instanceId }, Name = e.Name, Data = Json.Write(payload, e.Payload) },
        });
    }

    public override void SetCustomStatus(string? json)
    {
        scheduler.ThrowIfOffTurn(nameof(SetCustomStatus));
        if (json?.Length > MaxCustomStatusLength)
        {
            throw new ArgumentException($"A custom status has at most {MaxCustomStatusLength} characters; this one has {json.Length}.", nameof(json));
        }
        // On the wire no status means no change; an empty one takes the last away.
        CustomStatus = json ?? "";
    }

    public override void ContinueAsNew<TIn>(TIn input, bool keepEvents = true, string? newVersion = null)
    {
        scheduler.ThrowIfOffTurn(nameof(ContinueAsNew));
        if (_self?.Input is not JsonTypeInfo<TIn> type)
        {
            throw new ArgumentException($"Orchestration '{_self?.Name}' takes {_self?.Input.Type.Name} and cannot continue with {typeof(TIn).Name}.", nameof(input));
        }
        Renewal = (Json.Write(input, type), keepEvents, newVersion);
    }

    public override bool IsPatched(string patchName)
    {
        ArgumentException.ThrowIfNullOrEmpty(patchName);
        scheduler.ThrowIfOffTurn(nameof(IsPatched));
        var answer = patches.AnswerOf(patchName, Actions.NextId, _isReplaying, out var isNew);
        if (answer && isNew)
        {
            Actions.Add(PatchMarkers.Action(Actions.TakeId(), InstanceId, patchName));
        }
        return answer;
    }

    public override Guid NewGuid()
    {
        scheduler.ThrowIfOffTurn(nameof(NewGuid));
        return ReplaySafeIds.Guid(InstanceId, _executionId, _guids++);
    }

    public override ILogger CreateReplaySafeLogger(ILogger inner) => new ReplaySafeLogger(this, inner);

    private async Task<TOut> Attempts<TOut>(Func<int, Task<string?>> call, JsonTypeInfo<TOut> output, RetryPolicy? retry)
    {
        var began = _now;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan delay;
            try
            {
                return Json.Read(await call(attempt).ConfigureAwait(false), output);
            }
            catch (TaskFailedException failed)
            {
                if (retry?.DelayAfter(attempt, failed.Failure, _now - began) is not { } pause)
                {
                    throw;
                }
                delay = pause;
            }
            await CreateTimerAsync(delay).ConfigureAwait(false);
        }
    }

    private Task<string?> Schedule(string name, OrchestratorAction action)
    {
        action.Id = Actions.TakeId();
        Actions.Add(action);
        return Tasks.Open(action.Id, name);
    }

    private Task<string?> ScheduleChild(string name, string? version, string json, string? childId, int attempt)
    {
        var action = new OrchestratorAction { Id = Actions.TakeId(), CreateSubOrchestration = new() { Name = name, Version = version, Input = json } };
        // A failed child keeps its id, so another attempt under an id of the caller's choice is told apart by its number.
        action.CreateSubOrchestration.InstanceId = childId switch
        {
            null => $"{InstanceId}:{_executionId[..Math.Min(16, _executionId.Length)]}:{action.Id:x4}",
            _ when attempt == 1 => childId,
            _ => $"{childId}:{attempt}",
        };
        Actions.Add(action);
        return Tasks.Open(action.Id, name);
    }

    private async Task OneTimer(DateTimeOffset fireAt, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var action = new OrchestratorAction { CreateTimer = new() { FireAt = fireAt.ToTimestamp() } };
        var fired = Schedule("timer", action);
        var registration = ct.Register(() => Tasks.Cancel(action.Id, ct));
        await using (registration.ConfigureAwait(false))
        {
            await fired.ConfigureAwait(false);
        }
    }
}
