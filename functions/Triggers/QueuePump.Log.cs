namespace Dweb.Functions.Triggers;

internal sealed partial class QueuePump
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "The queue {Queue} could not be read or written: {Reason}")]
    private static partial void LogQueueFailed(ILogger logger, string queue, string reason);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Error, Message = "The function {Function} failed on delivery {Delivery} of its message.")]
    private static partial void LogFunctionFailed(ILogger logger, Exception failure, string function, long delivery);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Error, Message = "A message of the queue {Queue} is no base64; it was put into {Poison} unread.")]
    private static partial void LogNotBase64(ILogger logger, string queue, string poison);
}
