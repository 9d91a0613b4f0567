using System.Text.Json.Serialization;
using Dweb.Core.Placement;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Protocol.Http;

/// <summary>
/// <c>POST /api/committee/sign</c>: asks a scheduler member to sign a message of the committee, with what it needs to come to the same message by itself.
/// It answers with a <see cref="CommitteeSignature"/>, or refuses with a problem whose field names what it found otherwise.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PlanRequest), "plan")]
[JsonDerivedType(typeof(FaultRequest), "fault")]
[JsonDerivedType(typeof(UpgradeRequest), "upgrade")]
[JsonDerivedType(typeof(VerdictRequest), "verdict")]
public abstract record CommitteeRequest
{
    /// <summary>Hash of the message; it is signed in the lease book's domain.</summary>
    public abstract Hash32 StructHash();
}

public sealed record PlanRequest(Plan Plan, PlacementEvidence Evidence) : CommitteeRequest
{
    public override Hash32 StructHash() => Plan.StructHash();
}

/// <summary>A fault needs no evidence: whether a COE is silent is each member's own knowledge.</summary>
/// <param name="Block">At whose time it was found.</param>
public sealed record FaultRequest(Fault Fault, ulong Block) : CommitteeRequest
{
    public override Hash32 StructHash() => Fault.StructHash();
}

/// <summary>The image that a channel points to is on chain; where the replicas go is computed as for a plan.</summary>
public sealed record UpgradeRequest(Upgrade Upgrade, PlacementEvidence Evidence) : CommitteeRequest
{
    public override Hash32 StructHash() => Upgrade.StructHash();
}

/// <summary>A member asks the container itself, at the addresses that its agent has told this member.</summary>
/// <param name="Spec">Canonical JSON of the disputed replica's spec, which says whether it publishes a port; the user signed its hash.</param>
/// <param name="Block">At whose time it was found.</param>
public sealed record VerdictRequest(Verdict Verdict, string Spec, ulong Block) : CommitteeRequest
{
    public override Hash32 StructHash() => Verdict.StructHash();
}

/// <summary>What a plan was computed from, beside what the chain holds: another member with the same comes to the same plan.</summary>
/// <param name="Block">Whose market was read.</param>
/// <param name="Silent">COEs that nothing but silence kept out.</param>
/// <param name="Lost">Open leases that are to be replaced because their COEs are silent.</param>
/// <param name="Order">What the user signed; null once the chain has admitted the order.</param>
public sealed record PlacementEvidence(ulong Block, IReadOnlyList<Hash32> Silent, IReadOnlyList<SilentLease> Lost, OrderEvidence? Order)
{
    /// <summary>The COEs that the <c>placementHash</c> of a service stands for, of each service that has one; null where none has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ServiceCoes>? Confined { get; init; }

    public static PlacementEvidence Of(PlacementResult placement, IEnumerable<SilentLease> lost, OrderEvidence? order, IReadOnlyList<ServiceCoes>? confined = null) =>
        new(placement.Block, placement.LeftOutForLiveness, [.. lost], order) { Confined = confined is { Count: > 0 } ? confined : null };
}

/// <summary>The only COEs on which a service may run.</summary>
/// <param name="Service">Index into the order's services.</param>
/// <param name="Coes">In ascending order.</param>
public sealed record ServiceCoes(ushort Service, IReadOnlyList<Hash32> Coes);

/// <param name="DeadSince">Unix time of the chain since which its COE has been silent.</param>
public sealed record SilentLease(Hash32 LeaseId, ulong DeadSince);

/// <param name="Signature">The user's, over the order in the lease book's domain.</param>
public sealed record OrderEvidence(OrderDocument Order, EvmSignature Signature);

/// <summary>A member's answer. Whose signature it is follows from the signature itself.</summary>
public sealed record CommitteeSignature(EvmSignature Signature);
