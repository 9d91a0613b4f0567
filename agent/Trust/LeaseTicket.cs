using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Agent.Trust;

/// <summary>What the lease book says about a lease, in one read: all that is checked before anything runs.</summary>
/// <param name="Agent">The key registered for the lease's COE today.</param>
/// <param name="FundedUntil">Unix seconds of the chain.</param>
/// <param name="KeptUntil">Unix seconds of the chain until which the storage of an unfunded or parked lease is kept.</param>
internal sealed record LeaseTicket(
    LeaseState State,
    EndReason Reason,
    Hash32 OrderHash,
    ushort Service,
    ushort Replica,
    ushort Generation,
    Hash32 Coe,
    EvmAddress Agent,
    Hash32 ImageDigest,
    Hash32 SpecHash,
    ResourceVector Reserved,
    ulong FundedUntil,
    ulong KeptUntil,
    bool ImageMinted,
    bool ImageMalicious,
    EvmAddress ImagePublisher,
    Hash32 ImageComponentsHash,
    UsageCounters Settled);
