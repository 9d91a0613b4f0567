using Dweb.Durable;

namespace Dweb.Functions.Hosting;

/// <summary>Activities, none of which begins before the program has read the chain: each looks at it first.</summary>
internal sealed class ReadyActivities(ActivityWorker activities, Readiness readiness)
{
    /// <inheritdoc cref="ActivityWorker.ExecuteAsync"/>
    public async Task<ActivityOutcome> ExecuteAsync(string name, string instanceId, int taskId, string? inputJson, CancellationToken cancellationToken)
    {
        await readiness.ReachedAsync(cancellationToken);
        return await activities.ExecuteAsync(name, instanceId, taskId, inputJson, cancellationToken);
    }
}
