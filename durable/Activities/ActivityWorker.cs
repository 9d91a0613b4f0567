namespace Dweb.Durable;

/// <summary>Runs registered activities by name. What an activity throws becomes a failure, never an exception, except its cancellation.</summary>
public sealed class ActivityWorker(OrchestrationRegistry registry)
{
    /// <summary>Runs one activity on JSON text.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; nothing is known about the activity's effect.</exception>
    public async Task<ActivityOutcome> ExecuteAsync(string name, string instanceId, int taskId, string? inputJson, CancellationToken ct)
    {
        if (registry.FindActivity(name) is not { } activity)
        {
            return new(null, new FailureDetails(typeof(KeyNotFoundException).FullName!, $"This worker has no activity '{name}'.", IsNonRetriable: true));
        }
        try
        {
            return new(await activity.Run(new ActivityContext(instanceId, name, taskId), inputJson, ct), null);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever an activity throws is its result.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new(null, FailureDetails.From(exception));
        }
    }
}
