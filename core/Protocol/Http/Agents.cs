using System.Text.Json.Serialization;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Protocol.Http;

/// <summary>
/// <c>GET /api/coes/{id}/assignments</c>: the whole desired set of a COE, with an ETag; waits up to 25 s for a change. There is nothing to
/// acknowledge: an agent that lost an answer asks again.
/// </summary>
public sealed record AssignmentsDocument(Hash32 Coe, IReadOnlyList<AssignmentDocument> Leases, IReadOnlyList<LogRequest> LogRequests);

/// <param name="Order">What the user signed; the agent gives it to the chain, which keeps only its hash.</param>
/// <param name="ImageDigest">What the lease runs: the service's image, or that of its channel.</param>
/// <param name="Spec">Canonical JSON; its keccak256 is the service's spec hash on chain.</param>
/// <param name="Stop">True once the lease is no longer open, so that the agent looks at the chain and stops it.</param>
public sealed record AssignmentDocument(
    Hash32 LeaseId, Hash32 OrderHash, ushort Service, ushort Replica, ushort Generation, OrderDocument Order, Hash32 ImageDigest, string Spec, bool Stop)
{
    /// <summary>What the lease's id is derived from on a COE.</summary>
    public LeaseKey KeyOn(Hash32 coe) => new(OrderHash, Service, Replica, Generation, coe);
}

/// <summary>Asks an agent for the last lines of a lease's log. Answered with <c>POST /api/coes/{id}/logs/{requestId}</c>.</summary>
/// <param name="After">Only lines after this mark, as an answer gave it.</param>
public sealed record LogRequest(
    string RequestId, Hash32 LeaseId, int Tail, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? After = null);

/// <summary><c>POST /api/coes/{id}/logs/{requestId}</c>.</summary>
/// <param name="Mark">Where the last line stands; null where there is none, or the runtime knows no times.</param>
public sealed record LogAnswer(
    IReadOnlyList<string> Lines, bool Truncated, string? Error, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Mark = null);

/// <summary><c>POST /api/coes/{id}/heartbeat</c>. Older pairs of incarnation and sequence are ignored.</summary>
/// <param name="AgentId">Random for each data folder.</param>
/// <param name="Incarnation">Persisted; rises at every start of the agent.</param>
/// <param name="Sequence">Rises with every heartbeat of an incarnation.</param>
public sealed record HeartbeatRequest(string AgentId, ulong Incarnation, ulong Sequence, string Version, IReadOnlyList<LeaseReport> Leases)
{
    /// <summary>For which users seal secrets; null from an agent that takes none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SealingKeyDocument? Sealing { get; init; }
}

/// <summary>A <see cref="SealingKey"/> on the wire.</summary>
/// <param name="Key">An X25519 public key.</param>
/// <param name="Signature">The agent key's, over the <see cref="SealingKey"/> in the lease book's domain. Whoever seals checks it; nobody in between has to.</param>
public sealed record SealingKeyDocument(Hash32 Key, EvmSignature Signature);

/// <summary>Answer to a heartbeat: how often the next ones are wanted.</summary>
public sealed record HeartbeatResponse(int IntervalMs, long ServerTimeMs);

/// <summary><c>POST /api/coes/{id}/reports</c>, and inside heartbeats: what became of a lease on its COE.</summary>
/// <param name="Phase">Running only when the engine itself says that the container runs.</param>
/// <param name="Code">An error code of the catalogue when refused or failed.</param>
public sealed record LeaseReport(Hash32 LeaseId, LeasePhase Phase, IReadOnlyList<string> Urls, string? Code, string? Detail);

/// <summary><c>POST /api/coes/{id}/reports</c>: as soon as a phase changes; the next heartbeat repeats it.</summary>
public sealed record ReportRequest(string AgentId, ulong Incarnation, IReadOnlyList<LeaseReport> Leases);

/// <summary>
/// <c>POST /api/coes/{id}/specs</c>: specs of leases that were assigned without them, because this control plane does not have them. Each is known by its
/// hash, so it does not matter who brings it.
/// </summary>
/// <param name="Specs">Canonical JSON.</param>
public sealed record SpecOffer(IReadOnlyList<string> Specs)
{
    /// <summary>Sealed bundles of the secrets that these specs name; null for none. A spec without its bundle is not taken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<byte[]>? Bundles { get; init; }
}

/// <summary><c>POST /api/coes/{id}/usage</c>.</summary>
/// <param name="Entries">Packed entries in hexadecimal with 0x.</param>
/// <param name="Signature">The agent key's, over the <see cref="UsageBatch"/> in the lease book's domain.</param>
public sealed record UsageSubmission(ulong AsOf, string Entries, EvmSignature Signature);
