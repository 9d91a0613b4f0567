using Microsoft.Extensions.Logging;

namespace Dweb.Durable.Storage;

/// <summary>Tells once that the storage is away, and once that it is back, however many instances notice.</summary>
internal sealed partial class StorageOutage(TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private long? _since;
    private long _answeredAt;

    public long Now => time.GetTimestamp();

    /// <param name="askedAt">When the request was made: one that is older than the last answer is no news.</param>
    public void Missed(long askedAt, Exception fault)
    {
        lock (_gate)
        {
            if (_since is null && askedAt >= _answeredAt)
            {
                _since = askedAt;
                LogAway(logger, fault.Message.Split('\n')[0]);
            }
        }
    }

    public void Answered()
    {
        lock (_gate)
        {
            if (_since is { } since)
            {
                LogBack(logger, time.GetElapsedTime(since).TotalSeconds);
                _since = null;
            }
            _answeredAt = Now;
        }
    }

    [LoggerMessage(EventId = 50, Level = LogLevel.Error, Message = "The storage does not answer; nothing is lost, and everything is tried again until it does: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(EventId = 51, Level = LogLevel.Warning, Message = "The storage answers again after {Seconds:0} s")]
    private static partial void LogBack(ILogger logger, double seconds);
}
