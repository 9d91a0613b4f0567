using Microsoft.Extensions.Logging;

namespace Dweb.Durable;

public sealed partial class OrchestratorWorker
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The executor failed on instance {InstanceId}; the orchestration is failed with it")]
    private static partial void LogExecutorFault(ILogger logger, Exception fault, string instanceId);

    [LoggerMessage(EventId = 3, Level = LogLevel.Critical,
        Message = "Orchestration {Name}, instance {InstanceId}, has blocked its turn for {Patience}; it is failed and its thread is given up")]
    private static partial void LogBlocked(ILogger logger, string name, string instanceId, TimeSpan patience);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Instance {InstanceId} went on after its turn had ended: {Fault}")]
    private static partial void LogLeftTurn(ILogger logger, string instanceId, string fault);
}
