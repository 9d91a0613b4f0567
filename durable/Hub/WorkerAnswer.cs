using Dweb.Durable.Storage;
using Dweb.Durable.Wire;
using Google.Protobuf;

namespace Dweb.Durable.Hub;

/// <summary>Reads what a worker answers. An answer that this hub cannot carry out fails the instance, because asking again would bring the same.</summary>
internal static class WorkerAnswer
{
    public static OrchestratorResponse Read(string instanceId, byte[] answer, bool mayRewind, out string? fault)
    {
        try
        {
            var response = OrchestratorResponse.Parser.ParseFrom(answer);
            fault = FaultOf(instanceId, response, mayRewind);
            return fault is null ? response : Failed(instanceId, fault);
        }
        catch (InvalidProtocolBufferException unreadable)
        {
            fault = $"it cannot be read: {unreadable.Message}";
            return Failed(instanceId, fault);
        }
    }

    private static string? FaultOf(string instanceId, OrchestratorResponse response, bool mayRewind)
    {
        if (response.InstanceId != instanceId)
        {
            return $"it is for instance '{response.InstanceId}'";
        }
        if (response.CustomStatus?.Length > StorageLimits.InlineTextLength)
        {
            return $"its custom status has more than {StorageLimits.InlineTextLength} characters";
        }
        if (response.Actions.Any(action => action.KindCase == OrchestratorAction.KindOneofCase.None))
        {
            return "it has an action of a kind that this hub does not know";
        }
        if (!mayRewind && response.Actions.Any(action => action.RewindOrchestration is not null))
        {
            return "it rewinds an instance that was not asked to";
        }
        if (response.Actions.Select(action => action.Id).Distinct().Count() != response.Actions.Count)
        {
            return "it uses an action id twice";
        }
        return response.Actions.Count(action => action.CompleteOrchestration is not null) > 1 ? "it completes the orchestration twice" : null;
    }

    private static OrchestratorResponse Failed(string instanceId, string fault) => new()
    {
        InstanceId = instanceId,
        Actions =
        {
            new OrchestratorAction
            {
                Id = int.MaxValue,
                CompleteOrchestration = new()
                {
                    OrchestrationStatus = WireStatus.Failed,
                    FailureDetails = Failures.ToWire(new FailureDetails("WorkerAnswer", $"The worker's answer was refused: {fault}.", IsNonRetriable: true)),
                },
            },
        },
    };
}
