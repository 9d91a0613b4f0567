using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Agent.Metering;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Leases;

internal enum LeaseStage
{
    /// <summary>Assigned, and nothing was started.</summary>
    Waiting,

    /// <summary>Its container was started; the engine says whether it still runs.</summary>
    Started,

    /// <summary>Stopped because the chain said so; the container is kept until the lease is closed.</summary>
    Ended,

    /// <summary>Not run, and not tried again.</summary>
    Refused,
}

/// <summary>What the agent remembers of a lease, in a file of its own.</summary>
/// <param name="Assignment">As the control plane gave it; null for a container found without a record. It is checked again before each start.</param>
/// <param name="Code">Why it is not running, from the catalogue.</param>
internal sealed record LeaseRecord(Hash32 LeaseId, AssignmentDocument? Assignment, LeaseStage Stage, string? Code, string? Detail, MeterState Meter)
{
    public static LeaseRecord For(AssignmentDocument assignment) => new(assignment.LeaseId, assignment, LeaseStage.Waiting, null, null, MeterState.Zero);

    /// <summary>
    /// Takes what the control plane says now. A lease that was started keeps the assignment under which it was verified, whatever else it is told:
    /// only whether to look at the chain changes.
    /// </summary>
    public LeaseRecord Take(AssignmentDocument assignment) => Stage switch
    {
        LeaseStage.Refused => this with { Assignment = WithSpec(assignment), Stage = LeaseStage.Waiting },
        LeaseStage.Started or LeaseStage.Ended when Assignment is { } verified => this with { Assignment = verified with { Stop = assignment.Stop } },
        _ => this with { Assignment = WithSpec(assignment) },
    };

    // A control plane that was wiped has none; whether it is the right one is checked by its hash, whoever kept it.
    private AssignmentDocument WithSpec(AssignmentDocument assignment) =>
        assignment.Spec.Length == 0 && Assignment is { Spec.Length: > 0 } known ? assignment with { Spec = known.Spec } : assignment;
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(WeiConverter)])]
[JsonSerializable(typeof(LeaseRecord))]
internal sealed partial class LeaseJson : JsonSerializerContext;
