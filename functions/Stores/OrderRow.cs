using System.Text.Json.Serialization;
using Azure;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Functions.Stores;

/// <summary>An order as the control plane knows it. Everything but name, times and timeline can be rebuilt from the chain.</summary>
internal sealed record OrderRow(
    Hash32 OrderHash,
    OrderDocument Order,
    EvmSignature Signature,
    string? Name,
    OrderStatus Status,
    string? ErrorCode,
    string? ErrorMessage,
    long AcceptedAtMs,
    long? RunningAtMs,
    IReadOnlyList<TimelineEntry> Timeline)
{
    /// <summary>The last rollout of each service.</summary>
    public IReadOnlyList<RolloutRecord> Rollouts { get; init; } = [];

    [JsonIgnore]
    public ETag ETag { get; init; }

    /// <summary>Nothing moves an order on from here.</summary>
    [JsonIgnore]
    public bool IsTerminal => Status is OrderStatus.Closed or OrderStatus.Rejected;

    /// <summary>What people are told: Running only with the time at which it was committed, which is written after the commit.</summary>
    [JsonIgnore]
    public OrderStatus Told => this is { Status: OrderStatus.Running, RunningAtMs: null } ? OrderStatus.Starting : Status;

    /// <summary>Which status may follow which; a late or repeated commit changes nothing.</summary>
    public bool MayBecome(OrderStatus next) => next switch
    {
        OrderStatus.Rejected => Status is OrderStatus.Accepted or OrderStatus.Opening,
        OrderStatus.Failed => Status is OrderStatus.Accepted or OrderStatus.Opening or OrderStatus.Starting,
        OrderStatus.Running => Status is OrderStatus.Accepted or OrderStatus.Opening or OrderStatus.Starting or OrderStatus.Degraded or OrderStatus.Failed,
        OrderStatus.Degraded => Status is OrderStatus.Accepted or OrderStatus.Opening or OrderStatus.Starting or OrderStatus.Running or OrderStatus.Degraded,
        OrderStatus.Closing or OrderStatus.Closed => Status < next || Status is OrderStatus.Failed,
        _ => Status < next,
    };
}

/// <param name="Image">Digest that the service is moved to.</param>
/// <param name="From">Unix time of the chain since which its channel points there: pointing there again later is another reason to move.</param>
/// <param name="Attempt">Counts the service's rollouts, from 1.</param>
/// <param name="Because">Why it went back from the start; null where it began by going forward.</param>
internal sealed record RolloutRecord(ushort Service, Hash32 Image, ulong From, int Attempt, RolloutStatus Status, string? Message, string? Because);

[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web, UseStringEnumConverter = true, Converters = [typeof(WeiConverter)])]
[JsonSerializable(typeof(OrderRow))]
[JsonSerializable(typeof(SettlementView))]
[JsonSerializable(typeof(QuarantineRow))]
internal sealed partial class StoreJson : JsonSerializerContext;
