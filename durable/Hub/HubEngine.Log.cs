using Microsoft.Extensions.Logging;

namespace Dweb.Durable.Hub;

internal sealed partial class HubEngine
{
    [LoggerMessage(EventId = 40, Level = LogLevel.Information, Message = "The hub runs with {Instances} live instances")]
    private static partial void LogStarted(ILogger logger, int instances);

    [LoggerMessage(EventId = 41, Level = LogLevel.Error, Message = "The worker's answer for instance {InstanceId} is refused and the instance failed: {Fault}")]
    private static partial void LogRefused(ILogger logger, string instanceId, string fault);

    [LoggerMessage(EventId = 42, Level = LogLevel.Warning, Message = "A message of instance {Sender} was not delivered; it is tried again")]
    private static partial void LogNotDelivered(ILogger logger, Exception fault, string sender);

    [LoggerMessage(EventId = 44, Level = LogLevel.Debug, Message = "Deliveries of instance {Sender} are broken off; the next start does them again")]
    private static partial void LogDeliveryBrokenOff(ILogger logger, Exception cause, string sender);

    [LoggerMessage(EventId = 43, Level = LogLevel.Debug, Message = "A message of instance {Sender} to {Target} was dropped: {Result}")]
    private static partial void LogDropped(ILogger logger, string sender, string target, DeliveryResult result);
}
