using Dweb.Chain.Rpc;
using Dweb.Durable.Storage;

namespace Dweb.Functions.Hosting;

/// <summary>What this process needs and may have to do without for a while.</summary>
internal enum OutsidePart
{
    Chain,
    Storage,
}

/// <summary>Tells once that chain or storage does not answer, and once that it does again, however many notice.</summary>
internal sealed partial class Outages(TimeProvider time, ILogger<Outages> logger)
{
    private readonly Lock gate = new();
    private readonly Dictionary<OutsidePart, long> since = [];

    /// <summary>The hub in this process is on the same storage, and tells of it.</summary>
    public bool HubTellsOfStorage { get; init; }

    /// <returns>True for a failure that says nothing but that a part is away: there is nothing else to tell of it.</returns>
    public bool Explain(Exception failure)
    {
        if (PartOf(failure) is not { } part)
        {
            return false;
        }

        lock (gate)
        {
            if (since.TryAdd(part, time.GetTimestamp()) && IsToldHere(part))
            {
                LogAway(logger, NameOf(part), failure.Message.Split('\n')[0]);
            }
        }

        return true;
    }

    /// <summary>A request was answered.</summary>
    public void Answered(OutsidePart part)
    {
        lock (gate)
        {
            if (since.Remove(part, out long from) && IsToldHere(part))
            {
                LogBack(logger, NameOf(part), time.GetElapsedTime(from).TotalSeconds);
            }
        }
    }

    /// <returns>Null for a failure that has another reason.</returns>
    public static OutsidePart? PartOf(Exception failure) => failure switch
    {
        RpcUnavailableException => OutsidePart.Chain,
        _ when StorageFault.IsOutage(failure) => OutsidePart.Storage,
        _ => null,
    };

    private static string NameOf(OutsidePart part) => part == OutsidePart.Chain ? "chain" : "storage";

    private bool IsToldHere(OutsidePart part) => part != OutsidePart.Storage || !HubTellsOfStorage;

    [LoggerMessage(EventId = 6101, Level = LogLevel.Error, Message = "The {Part} does not answer; nothing is lost, and everything is tried again until it does: {Reason}")]
    private static partial void LogAway(ILogger logger, string part, string reason);

    [LoggerMessage(EventId = 6102, Level = LogLevel.Warning, Message = "The {Part} answers again after {Seconds:0} s")]
    private static partial void LogBack(ILogger logger, string part, double seconds);
}
