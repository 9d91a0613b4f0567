using Dweb.Core.Manifest;
using Dweb.Functions.Settings;

namespace Dweb.Functions.Leases;

/// <summary>How a rollout goes, after what its user wrote in the spec and, where they left it open, the settings.</summary>
/// <param name="Parallelism">Replicas at a time, 1 to 256.</param>
/// <param name="DelaySeconds">From the moment that these are healthy to the next.</param>
/// <param name="MonitorSeconds">For which moved replicas must be healthy.</param>
/// <param name="OverlapSeconds">That a replaced lease goes on beside its successor, up to what the chain allows.</param>
/// <param name="OnFailure">What becomes of it when one is not healthy.</param>
internal sealed record RolloutPace(int Parallelism, int DelaySeconds, int MonitorSeconds, int OverlapSeconds, FailureAction OnFailure)
{
    private const int PartOfReplicas = 4;

    /// <summary>A quarter of the replicas at a time, at least one, and back when it fails, unless the user wants it otherwise.</summary>
    /// <param name="toSigned">The channel points to the very image that was signed: from there is no way back.</param>
    public static RolloutPace Of(UpdateSpec? wanted, int replicas, RolloutSettings settings, bool toSigned) => new(
        wanted?.Parallelism switch
        {
            null => Math.Max(1, (replicas + PartOfReplicas - 1) / PartOfReplicas),
            <= 0 => replicas,
            { } some => Math.Min(some, replicas),
        },
        Math.Clamp(wanted?.DelaySeconds ?? 0, 0, UpdateSpec.MostSeconds),
        Math.Clamp(wanted?.MonitorSeconds ?? settings.MonitorSeconds, 0, UpdateSpec.MostSeconds),
        wanted?.Sequence == UpdateSequence.StopFirst ? 0 : settings.OverlapSeconds,
        wanted?.OnFailure switch
        {
            null or FailureAction.Rollback => toSigned ? FailureAction.Pause : FailureAction.Rollback,
            { } action => action,
        });
}
