using Microsoft.Extensions.Logging;

namespace Dweb.Durable;

public sealed partial class OrchestratorWorker
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The executor failed on instance {InstanceId}; the orchestration is failed with it")]
    private static partial void LogExecutorFault(ILogger logger, Exception fault, string instanceId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Instance {InstanceId} went on after its turn had ended: {Fault}")]
    private static partial void LogLeftTurn(ILogger logger, string instanceId, string fault);
}
