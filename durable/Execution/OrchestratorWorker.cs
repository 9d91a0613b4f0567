using System.Collections.Concurrent;
using Dweb.Durable.Execution;
using Dweb.Durable.Wire;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Durable;

/// <summary>
/// Runs orchestrators by replay: OrchestratorRequest bytes in, OrchestratorResponse bytes out. Keeps nothing of an instance between calls, except
/// that its code was found running after its turn; safe to call from several threads.
/// </summary>
public sealed partial class OrchestratorWorker(OrchestrationRegistry registry, ILogger<OrchestratorWorker>? logger = null, TimeProvider? time = null)
{
    private readonly ILogger _logger = logger ?? NullLogger<OrchestratorWorker>.Instance;
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, string> _strays = new(StringComparer.Ordinal);

    /// <summary>How long a turn's thread may be seen waiting before the instance is failed for it; 10 seconds unless set.</summary>
    public TimeSpan BlockingPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs one work item on a thread of the pool and watches it: an orchestrator that blocks is answered for with Complete(FAILED) that names it and
    /// its instance, and its thread is given up. Whatever goes wrong is in the response; it never throws, except for <paramref name="ct"/>.
    /// </summary>
    public async Task<byte[]> ExecuteAsync(ReadOnlyMemory<byte> orchestratorRequest, CancellationToken ct)
    {
        using var watch = new TurnWatch(_time, BlockingPatience);
        var turn = Task.Run(
            () =>
            {
                watch.Begin();
                return Execute(orchestratorRequest);
            },
            ct);
        if (await Task.WhenAny(turn, watch.Blocked) == turn)
        {
            return await turn;
        }
        var (instanceId, name) = Named(orchestratorRequest);
        var fault = $"Orchestration '{name}', instance {instanceId}, has blocked its turn for {BlockingPatience.TotalSeconds:0.#} s: "
            + "it sleeps, or waits for something without 'await'.";
        LogBlocked(_logger, name, instanceId, BlockingPatience);
        return Failed(instanceId, new ForeignTaskException(fault)).ToByteArray();
    }

    /// <summary>Runs one work item on the calling thread, unwatched. Whatever goes wrong is in the response as Complete(FAILED); it never throws.</summary>
    public byte[] Execute(ReadOnlyMemory<byte> orchestratorRequest)
    {
        var instanceId = "";
        try
        {
            var request = OrchestratorRequest.Parser.ParseFrom(orchestratorRequest.Span);
            instanceId = request.InstanceId;
            return Execute(request).ToByteArray();
        }
#pragma warning disable CA1031 // The wire has one way to tell of any fault: the orchestration has failed.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogExecutorFault(_logger, fault, instanceId);
            return Failed(instanceId, fault).ToByteArray();
        }
    }

    internal OrchestratorResponse Execute(OrchestratorRequest request)
    {
        if (_strays.TryRemove(request.InstanceId, out var stray))
        {
            return Failed(request.InstanceId, new ForeignTaskException($"Instance {request.InstanceId} went on after its turn had ended: {stray}."));
        }
        var hasEnded = false;
        var scheduler = new TurnScheduler(fault => Strayed(request.InstanceId, fault, hasNextTurn: !hasEnded));
        var callers = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var response = new Turn(request, registry, scheduler).Run();
            hasEnded = response.Actions.Any(action => action.CompleteOrchestration is { OrchestrationStatus: not WireStatus.ContinuedAsNew });
            return response;
        }
        finally
        {
            scheduler.Close();
            SynchronizationContext.SetSynchronizationContext(callers);
        }
    }

    private void Strayed(string instanceId, string fault, bool hasNextTurn)
    {
        LogLeftTurn(_logger, instanceId, fault);
        if (hasNextTurn)
        {
            _strays.TryAdd(instanceId, fault);
        }
    }

    private static (string InstanceId, string Name) Named(ReadOnlyMemory<byte> request)
    {
        var parsed = OrchestratorRequest.Parser.ParseFrom(request.Span);
        var started = parsed.PastEvents.Concat(parsed.NewEvents).FirstOrDefault(e => e.ExecutionStarted is not null)?.ExecutionStarted;
        return (parsed.InstanceId, started?.Name ?? "?");
    }

    private static OrchestratorResponse Failed(string instanceId, Exception fault) => new()
    {
        InstanceId = instanceId,
        Actions =
        {
            new OrchestratorAction
            {
                // A number of its own: it must not be taken for a request that history has.
                Id = int.MaxValue,
                CompleteOrchestration = new() { OrchestrationStatus = WireStatus.Failed, FailureDetails = Failures.ToWire(FailureDetails.From(fault)) },
            },
        },
    };
}
