using Microsoft.Extensions.Logging;

namespace Dweb.Durable.Hub;

internal sealed partial class InstanceActor
{
    [LoggerMessage(EventId = 30, Level = LogLevel.Critical, Message = "Instance {InstanceId} stops: the hub has lost its lease")]
    private static partial void LogStoppedByLease(ILogger logger, Exception lost, string instanceId);

    [LoggerMessage(EventId = 31, Level = LogLevel.Warning, Message = "Instance {InstanceId} is not what memory has ({Status}); it is read again")]
    private static partial void LogFenced(ILogger logger, Exception conflict, string instanceId, int status);

    [LoggerMessage(EventId = 33, Level = LogLevel.Warning, Message = "Instance {InstanceId} is not rewound: it has not failed, or its worker cannot do it")]
    private static partial void LogNotRewound(ILogger logger, string instanceId);

    [LoggerMessage(EventId = 32, Level = LogLevel.Error, Message = "A work item of instance {InstanceId} failed ({Failures} times before); it is tried again")]
    private static partial void LogFault(ILogger logger, Exception fault, string instanceId, int failures);
}
