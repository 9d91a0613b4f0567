using Dweb.Core.Protocol;

namespace Dweb.Functions.Orchestrations;

/// <summary>Asks for leases of the next generation for replicas that run no more.</summary>
/// <param name="Lost">Open leases whose COEs are silent.</param>
internal sealed record ReplacementInput(Hash32 OrderHash, IReadOnlyList<LostLease> Lost);

/// <param name="DeadSince">Unix time of the chain.</param>
internal sealed record LostLease(Hash32 LeaseId, ulong DeadSince);

/// <summary>What became of it.</summary>
/// <param name="Leases">All of the order, as they are now.</param>
/// <param name="Final">Replicas that the order leaves no time or no right to place again.</param>
/// <param name="Code">Of the error catalogue: why something still waits; null when nothing does.</param>
/// <param name="Message">The same for people.</param>
internal sealed record ReplacementResult(IReadOnlyList<OpenedLease> Leases, IReadOnlyList<ReplicaId> Final, string? Code, string? Message);

/// <param name="Service">Index into the order's services.</param>
internal sealed record ReplicaId(ushort Service, ushort Replica);
