using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Functions.Leases;

namespace Dweb.Functions.Orchestrations;

/// <summary>The move of one service of an order to the image that its channel points to, or back from it.</summary>
/// <param name="Service">Index into the order's services.</param>
/// <param name="Image">Digest that the channel pointed to when this began.</param>
/// <param name="Attempt">Counts rollouts of the service, from 1.</param>
/// <param name="PatienceSeconds">That moved replicas may take to run.</param>
/// <param name="Because">Why replicas that run the image go back to the one that was signed; null on the way forward.</param>
internal sealed record RolloutInput(Hash32 OrderHash, ushort Service, Hash32 Image, int Attempt, int PatienceSeconds, RolloutPace Pace, string? Because)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public bool GoesBack => Because is not null;

    /// <summary>Id of the orchestration.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string InstanceId => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{OrderHash}-upgrade-{Service}-{Attempt}");
}

/// <summary>Asks for the next replicas to be moved.</summary>
/// <param name="Judged">Replicas that were moved and found healthy.</param>
internal sealed record RolloutStep(RolloutInput Rollout, IReadOnlyList<ushort> Judged);

/// <summary>What became of asking for the next replicas.</summary>
internal enum RolloutTurn
{
    /// <summary>Some were moved, now or before: they are to be judged.</summary>
    Moved,

    /// <summary>Nobody can take the next one now.</summary>
    Waits,

    /// <summary>Every open lease of the service runs the image, or on the way back none.</summary>
    Done,

    /// <summary>The chain would not move any.</summary>
    Refused,
}

/// <param name="Replicas">Those to be judged.</param>
/// <param name="Message">Why it waits or is refused, for people.</param>
internal sealed record RolloutProgress(RolloutTurn Turn, IReadOnlyList<ushort> Replicas, string? Message);

/// <summary>Replicas whose health is asked for.</summary>
internal sealed record RolloutBatch(RolloutInput Rollout, IReadOnlyList<ushort> Replicas);

/// <summary>How replicas do that were moved.</summary>
internal enum BatchStanding
{
    /// <summary>All run and none is unhealthy.</summary>
    Healthy,

    /// <summary>One does not run yet.</summary>
    Starting,

    /// <summary>One was refused, exited or is unhealthy.</summary>
    Failed,
}

/// <param name="Message">Which one, and what its agent says.</param>
internal sealed record BatchHealth(BatchStanding Standing, string? Message);

/// <summary>How a rollout ended, to be written to the order's row.</summary>
internal sealed record RolloutCommit(RolloutInput Rollout, RolloutStatus Status, string? Message);
