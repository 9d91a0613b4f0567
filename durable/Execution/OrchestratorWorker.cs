using Dweb.Durable.Execution;
using Dweb.Durable.Wire;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dweb.Durable;

/// <summary>Runs orchestrators by replay: OrchestratorRequest bytes in, OrchestratorResponse bytes out. Keeps nothing between calls; safe to call from several threads.</summary>
public sealed partial class OrchestratorWorker(OrchestrationRegistry registry, ILogger<OrchestratorWorker>? logger = null)
{
    private readonly ILogger _logger = logger ?? NullLogger<OrchestratorWorker>.Instance;

    /// <summary>Runs one work item on the calling thread. Whatever goes wrong is in the response as Complete(FAILED); it never throws.</summary>
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
        var scheduler = new TurnScheduler(fault => LogLeftTurn(_logger, request.InstanceId, fault));
        var callers = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return new Turn(request, registry, scheduler).Run();
        }
        finally
        {
            scheduler.Close();
            SynchronizationContext.SetSynchronizationContext(callers);
        }
    }

    private static OrchestratorResponse Failed(string instanceId, Exception fault) => new()
    {
        InstanceId = instanceId,
        Actions =
        {
            new OrchestratorAction
            {
                CompleteOrchestration = new() { OrchestrationStatus = WireStatus.Failed, FailureDetails = Failures.ToWire(FailureDetails.From(fault)) },
            },
        },
    };
}
