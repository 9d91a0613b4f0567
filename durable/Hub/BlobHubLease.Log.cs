using Microsoft.Extensions.Logging;

namespace Dweb.Durable.Hub;

internal sealed partial class BlobHubLease
{
    [LoggerMessage(EventId = 20, Level = LogLevel.Debug, Message = "The lease blob of hub {Hub} is there already")]
    private static partial void LogLeaseBlobExists(ILogger logger, string hub);

    [LoggerMessage(EventId = 21, Level = LogLevel.Warning, Message = "The lease on hub {Hub} was not given back; the next owner waits until it has run out")]
    private static partial void LogNotReleased(ILogger logger, Exception cause, string hub);

    [LoggerMessage(EventId = 22, Level = LogLevel.Warning, Message = "The lease on hub {Hub} was not renewed; it is tried again, and nothing is committed on a stale one")]
    private static partial void LogRenewalFailed(ILogger logger, Exception cause, string hub);

    [LoggerMessage(EventId = 24, Level = LogLevel.Debug, Message = "The lease on hub {Hub} was not renewed: the storage does not answer")]
    private static partial void LogNotReached(ILogger logger, Exception cause, string hub);

    [LoggerMessage(EventId = 23, Level = LogLevel.Critical, Message = "The lease on hub {Hub} is lost")]
    private static partial void LogLost(ILogger logger, Exception cause, string hub);
}
