using Azure;

namespace Dweb.Durable.Storage;

/// <summary>Tells faults of the storage account from what it says of a request.</summary>
public static class StorageFault
{
    /// <summary>True for a fault that says nothing of the request: the storage did not answer, not in time, or was not able to.</summary>
    public static bool IsOutage(Exception fault) => fault switch
    {
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } => true,

        // The storage's client tells all its tries at once; one that took longer than the client waits was cancelled.
        AggregateException tries => tries.InnerExceptions.All(static inner => inner is OperationCanceledException || IsOutage(inner)),
        _ => false,
    };
}
