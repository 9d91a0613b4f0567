using Dweb.Agent.Runtimes;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Leases;

/// <summary>
/// When the engine is asked about a lease's container: once it named it in an event, once its events may have been missed, and every
/// <see cref="LeasePolicy.Look"/>. What nothing happens to costs the engine nothing in between.
/// </summary>
internal sealed class ContainerSight(Hash32 leaseId, IContainerRuntime runtime, LeasePolicy policy, TimeProvider time)
{
    private volatile bool isDoubted = true;
    private long seenAt;

    /// <summary>Until it is asked again.</summary>
    public TimeSpan Left => !isDoubted && policy.Look - time.GetElapsedTime(seenAt) is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>What was seen may be so no longer.</summary>
    public void Doubt() => isDoubted = true;

    /// <returns>Null when the engine has no container for the lease.</returns>
    /// <exception cref="RuntimeException">The engine does not answer.</exception>
    public async Task<ContainerSnapshot?> LookAsync(CancellationToken cancellationToken)
    {
        // Before it is asked: what happens meanwhile is looked at once more.
        isDoubted = false;
        seenAt = time.GetTimestamp();
        return await runtime.InspectAsync(ContainerNames.Of(leaseId), cancellationToken);
    }
}
