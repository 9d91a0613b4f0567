using System.Numerics;
using System.Text.Json.Serialization;
using Dweb.Core.Placement;
using Dweb.Core.Protocol.Messages;
using Dweb.Core.Resources;

namespace Dweb.Core.Protocol.Http;

/// <summary>A <see cref="Service"/> on the wire. Vectors have five members; prices and stake are wei.</summary>
public sealed record ServiceDocument(
    Hash32 ImageDigest,
    Hash32 SpecHash,
    ushort Replicas,
    IReadOnlyList<ulong> Reserved,
    IReadOnlyList<BigInteger> Ceiling,
    ulong RegionMask,
    BigInteger MinStake,
    Hash32 PlacementHash)
{
    public static ServiceDocument From(Service service) => new(
        service.ImageDigest, service.SpecHash, service.Replicas, service.Reserved.ToList(), service.Ceiling.ToList(),
        service.RegionMask, service.MinStake, service.PlacementHash);

    /// <exception cref="ArgumentException">A vector has not five members.</exception>
    /// <exception cref="OverflowException">A value does not fit its width.</exception>
    public Service ToMessage() => new(
        ImageDigest, SpecHash, Replicas, ResourceVector.FromList(Reserved), PriceVector.FromList(Ceiling),
        RegionMask, (UInt128)MinStake, PlacementHash);

    /// <summary>By value, the vectors too.</summary>
    public bool Equals(ServiceDocument? other) =>
        other is not null && Reserved.SequenceEqual(other.Reserved) && Ceiling.SequenceEqual(other.Ceiling)
        && (ImageDigest, SpecHash, Replicas, RegionMask, MinStake, PlacementHash)
            == (other.ImageDigest, other.SpecHash, other.Replicas, other.RegionMask, other.MinStake, other.PlacementHash);

    public override int GetHashCode() => HashCode.Combine(ImageDigest, SpecHash, Replicas);
}

/// <summary>An <see cref="Order"/> on the wire.</summary>
public sealed record OrderDocument(
    EvmAddress User,
    IReadOnlyList<ServiceDocument> Services,
    BigInteger MaxTotal,
    uint Duration,
    uint Prepay,
    ulong SubmitBy,
    uint StartWithin,
    ushort MaxRoyaltyBps,
    ushort MaxFeeBps,
    byte UpgradePolicy,
    EvmAddress Operator,
    ulong UserEpoch,
    Hash32 Salt)
{
    public static OrderDocument From(Order order) => new(
        order.User, [.. order.Services.Select(ServiceDocument.From)], order.MaxTotal, order.Duration, order.Prepay, order.SubmitBy,
        order.StartWithin, order.MaxRoyaltyBps, order.MaxFeeBps, order.UpgradePolicy, order.Operator, order.UserEpoch, order.Salt);

    /// <exception cref="ArgumentException">A vector has not five members.</exception>
    /// <exception cref="OverflowException">A value does not fit its width.</exception>
    public Order ToMessage() => new(
        User, [.. Services.Select(static s => s.ToMessage())], (UInt128)MaxTotal, Duration, Prepay, SubmitBy, StartWithin,
        MaxRoyaltyBps, MaxFeeBps, UpgradePolicy, Operator, UserEpoch, Salt);

    /// <summary>By value, the services too.</summary>
    public bool Equals(OrderDocument? other) =>
        other is not null && Services.SequenceEqual(other.Services)
        && (User, MaxTotal, Duration, Prepay, SubmitBy, StartWithin) == (other.User, other.MaxTotal, other.Duration, other.Prepay, other.SubmitBy, other.StartWithin)
        && (MaxRoyaltyBps, MaxFeeBps, UpgradePolicy, Operator, UserEpoch, Salt)
            == (other.MaxRoyaltyBps, other.MaxFeeBps, other.UpgradePolicy, other.Operator, other.UserEpoch, other.Salt);

    public override int GetHashCode() => HashCode.Combine(User, Salt, Services.Count);
}

/// <summary><c>POST /api/orders</c>: the order, the canonical specs its hashes name, and the user's signature over the order's id.</summary>
/// <param name="Name">What the user calls the deployment; not signed.</param>
/// <param name="Specs">Canonical JSON, one a service, in the order of the services.</param>
public sealed record SubmitOrderRequest(
    ulong ChainId, EvmAddress LeaseBook, OrderDocument Order, IReadOnlyList<string> Specs, EvmSignature Signature, string? Name)
{
    /// <summary>Sealed bundles of the secrets that the specs name, in the order of the services that have some; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<byte[]>? Bundles { get; init; }
}

/// <summary>Where an order is on its way. Only Running and Closed are promises; the others are progress.</summary>
public enum OrderStatus
{
    Accepted,
    Opening,
    Starting,
    Running,

    /// <summary>A replica of it has lost its lease or its host and is being placed elsewhere.</summary>
    Degraded,
    Closing,
    Closed,
    Rejected,
    Failed,
}

/// <summary>What is happening to a lease's container, as its agent says.</summary>
public enum LeasePhase
{
    Assigned,
    Pulling,
    Creating,
    Running,
    Unhealthy,
    Exited,
    Refused,
    Stopped,
}

/// <summary>One step of a story. <paramref name="AtMs"/> is Unix time in milliseconds by the control plane's clock.</summary>
public sealed record TimelineEntry(long AtMs, string Step, string? Detail);

/// <summary><c>GET /api/orders/{id}</c>.</summary>
/// <param name="AcceptedAtMs">First byte of the request, Unix time in milliseconds by the control plane's clock.</param>
/// <param name="RunningAtMs">When Running was committed, by the same clock.</param>
public sealed record OrderView(
    Hash32 OrderHash,
    string? Name,
    EvmAddress User,
    OrderStatus Status,
    string? ErrorCode,
    string? ErrorMessage,
    long AcceptedAtMs,
    long? RunningAtMs,
    BigInteger MaxTotal,
    IReadOnlyList<LeaseView> Leases,
    IReadOnlyList<TimelineEntry> Timeline)
{
    /// <summary>The last move of each service to a new image.</summary>
    public IReadOnlyList<RolloutView> Rollouts { get; init; } = [];
}

/// <summary>Where a service is on its way to the image that its channel points to.</summary>
public enum RolloutStatus
{
    /// <summary>Replicas are being moved.</summary>
    Rolling,

    /// <summary>All run it.</summary>
    Done,

    /// <summary>Something was wrong; each replica keeps what it runs, until the channel moves again.</summary>
    Paused,

    /// <summary>Something was wrong; replicas go back to the image that was signed.</summary>
    RollingBack,

    /// <summary>None runs it any more, until the channel moves again.</summary>
    RolledBack,
}

/// <param name="Service">Index into the order's services.</param>
/// <param name="Image">Digest of the new image.</param>
/// <param name="Message">Why it is paused, or went back.</param>
public sealed record RolloutView(ushort Service, Hash32 Image, RolloutStatus Status, string? Message);

/// <summary><c>GET /api/orders/{id}/placement</c>: where the replicas of an order that have no lease yet could go now.</summary>
/// <param name="Block">Of the chain, as far as it was read.</param>
/// <param name="HasHeardAll">False while a control plane that has just started gives every agent its time to be heard.</param>
/// <param name="Replicas">Those without a lease, in the order of service and replica.</param>
public sealed record PlacementView(Hash32 OrderHash, ulong Block, bool HasHeardAll, IReadOnlyList<WaitingReplica> Replicas);

/// <param name="ServiceName">The service's name in the user's manifest.</param>
/// <param name="Considered">COEs that were looked at.</param>
/// <param name="Able">Those that could take it.</param>
/// <param name="CoeName">The one that would be chosen; null for none.</param>
/// <param name="Removed">Which filter passed over how many; a COE counts for the first that refuses it.</param>
public sealed record WaitingReplica(
    string ServiceName, ushort Service, ushort Replica, int Considered, int Able, string? CoeName, IReadOnlyList<FilterCount> Removed);

/// <summary>A lease as chain and agent describe it. Times are Unix seconds of the chain.</summary>
/// <param name="ServiceName">The service's name in the user's manifest.</param>
/// <param name="State">The chain's.</param>
/// <param name="Phase">The agent's.</param>
/// <param name="DisputedUntil">When an open dispute lapses without a verdict; 0 when none is open.</param>
public sealed record LeaseView(
    Hash32 LeaseId,
    Hash32 OrderHash,
    string ServiceName,
    ushort Service,
    ushort Replica,
    ushort Generation,
    Hash32 Coe,
    string CoeName,
    LeaseState State,
    EndReason Reason,
    LeasePhase Phase,
    string? Detail,
    IReadOnlyList<string> Urls,
    ulong Origin,
    ulong FundedUntil,
    ulong EndedAt,
    ulong DisputedUntil = 0)
{
    /// <summary>Digest of what it runs: the image that was signed, or one that its channel pointed to.</summary>
    public Hash32 Image { get; init; }
}

/// <summary><c>GET /api/leases/{id}/usage</c>: what the agent last signed, and what the chain has settled of it.</summary>
/// <param name="AsOf">Unix seconds of the chain; 0 when nothing was reported yet.</param>
/// <param name="Before">The report before that one, if this control plane has seen it: what lies between tells the present rates.</param>
/// <param name="HeardAtMs">When the COE's agent was last heard, Unix milliseconds by the control plane's clock; null when not since its start.</param>
public sealed record LeaseUsageView(
    Hash32 LeaseId, ulong AsOf, UsageCounters Reported, UsageCounters Settled, UsageSample? Before = null, long? HeardAtMs = null);

/// <param name="AsOf">Unix seconds of the chain.</param>
public sealed record UsageSample(ulong AsOf, UsageCounters Counters);

/// <summary>Cumulative counters since the lease opened; units as in <see cref="UsageEntry"/>.</summary>
public sealed record UsageCounters(uint Seconds, ulong Cpu, ulong Memory, ulong Storage, uint Received, uint Sent);

/// <summary><c>GET /api/leases/{id}/logs</c>: the last lines a container wrote, or those after a mark.</summary>
/// <param name="Truncated">There are more lines before these.</param>
/// <param name="Mark">Where the last of them stands, for <c>after</c> of the next page; null where nothing was written or its runtime knows no times.</param>
public sealed record LogPage(Hash32 LeaseId, IReadOnlyList<string> Lines, bool Truncated, string? Mark = null);
