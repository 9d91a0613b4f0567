namespace Dweb.Core.Manifest;

/// <summary>
/// How replicas are moved to the image that their channel points to, where the order's user lets them follow it: Compose's <c>deploy.update_config</c>.
/// Whatever is null is for the control plane to choose.
/// </summary>
/// <param name="Parallelism">Replicas that are moved at a time, up to 256; 0 for all.</param>
/// <param name="DelaySeconds">0 to 3,600, from the moment that these are healthy to the next.</param>
/// <param name="MonitorSeconds">0 to 3,600, for which they must be healthy.</param>
public sealed record UpdateSpec(
    int? Parallelism = null, int? DelaySeconds = null, int? MonitorSeconds = null, FailureAction? OnFailure = null, UpdateSequence? Sequence = null)
{
    /// <summary>Most seconds of a delay or of monitoring.</summary>
    public const int MostSeconds = 3_600;
}

/// <summary>What becomes of a rollout when a moved replica is not healthy.</summary>
public enum FailureAction
{
    /// <summary>Replicas that run the new image go back to the one that was signed.</summary>
    Rollback,

    /// <summary>Each replica keeps what it runs.</summary>
    Pause,

    /// <summary>The others are moved all the same.</summary>
    Continue,
}

/// <summary>Which of the two a replica is never without, of its place and its work.</summary>
public enum UpdateSequence
{
    /// <summary>The old lease goes on for a while beside the new one, and is paid for it.</summary>
    StartFirst,

    /// <summary>The old lease ends when the new one opens.</summary>
    StopFirst,
}
