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

[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web, UseStringEnumConverter = true, Converters = [typeof(WeiConverter)])]
[JsonSerializable(typeof(OrderRow))]
[JsonSerializable(typeof(SettlementView))]
internal sealed partial class StoreJson : JsonSerializerContext;
