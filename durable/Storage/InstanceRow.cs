using Azure;
using Azure.Data.Tables;
using Dweb.Durable.Wire;
using Google.Protobuf;

namespace Dweb.Durable.Storage;

/// <summary>The row that fences an instance: its state, and where its history goes on.</summary>
internal sealed record InstanceRow
{
    public required string InstanceId { get; init; }
    public required string Name { get; init; }
    public string? Version { get; init; }
    public required OrchestrationStatus Status { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Hash of what the instance was started with, by which a second start is recognised.</summary>
    public required string StartKey { get; init; }

    /// <summary>Counts continue-as-new, and rewinds.</summary>
    public int Generation { get; init; }

    /// <summary>The page the next work item writes. Page 0 is the seed: what the generation begins with.</summary>
    public int NextPage { get; init; } = 1;

    /// <summary>The page whose messages to other instances may not all be delivered; −1 for none.</summary>
    public int OutboundPage { get; init; } = -1;

    public int OutboundGeneration { get; init; }

    /// <summary>Null also where it is too long for this row; then it is in the history.</summary>
    public string? Input { get; init; }

    public string? Output { get; init; }
    public string? CustomStatus { get; init; }
    public WireFailure? Failure { get; init; }

    /// <summary>Input, output or failure is only in the history.</summary>
    public bool TextsInHistory { get; init; }

    /// <summary>Sets it apart from earlier instances of the same id; empty in rows that an older hub wrote.</summary>
    public string Life { get; init; } = "";

    /// <summary>The instance is gone; what is left of its partition is still being deleted.</summary>
    public bool IsPurged { get; init; }

    public ETag ETag { get; init; }

    public string Partition => RowKeys.Escape(InstanceId);

    public TableEntity ToEntity() => new(Partition, RowKeys.Instance)
    {
        ["Id"] = InstanceId,
        ["Name"] = Name,
        ["Version"] = Version ?? "",
        ["Status"] = (int)Status,
        ["CreatedAt"] = CreatedAt,
        ["UpdatedAt"] = UpdatedAt,
        ["StartKey"] = StartKey,
        ["Generation"] = Generation,
        ["NextPage"] = NextPage,
        ["OutboundPage"] = OutboundPage,
        ["OutboundGeneration"] = OutboundGeneration,
        ["Input"] = Input ?? "",
        ["Output"] = Output ?? "",
        ["CustomStatus"] = CustomStatus ?? "",
        ["Failure"] = Failure?.ToByteArray() ?? [],
        ["TextsInHistory"] = TextsInHistory,
        ["Life"] = Life,
        ["IsPurged"] = IsPurged,
    };

    /// <summary>Only what a work item changes; <paramref name="before"/> is what the storage has.</summary>
    public TableEntity ChangesSince(InstanceRow before)
    {
        var (now, then) = (ToEntity(), before.ToEntity());
        foreach (var name in now.Keys.Where(name => name is not ("PartitionKey" or "RowKey") && Equals(now[name], then[name])).ToArray())
        {
            now.Remove(name);
        }
        return now;
    }

    public static InstanceRow From(TableEntity row) => new()
    {
        InstanceId = row.GetString("Id"),
        Name = row.GetString("Name"),
        Version = NullIfEmpty(row.GetString("Version")),
        Status = (OrchestrationStatus)row.GetInt32("Status")!.Value,
        CreatedAt = row.GetDateTimeOffset("CreatedAt")!.Value,
        UpdatedAt = row.GetDateTimeOffset("UpdatedAt")!.Value,
        StartKey = row.GetString("StartKey"),
        Generation = row.GetInt32("Generation")!.Value,
        NextPage = row.GetInt32("NextPage")!.Value,
        OutboundPage = row.GetInt32("OutboundPage")!.Value,
        OutboundGeneration = row.GetInt32("OutboundGeneration")!.Value,
        Input = NullIfEmpty(row.GetString("Input")),
        Output = NullIfEmpty(row.GetString("Output")),
        CustomStatus = NullIfEmpty(row.GetString("CustomStatus")),
        Failure = row.GetBinary("Failure") is { Length: > 0 } failure ? WireFailure.Parser.ParseFrom(failure) : null,
        TextsInHistory = row.GetBoolean("TextsInHistory")!.Value,
        Life = row.GetString("Life") ?? "",
        IsPurged = row.GetBoolean("IsPurged") ?? false,
        ETag = row.ETag,
    };

    public OrchestrationState ToState() => new(
        InstanceId, Name, Status, CreatedAt, UpdatedAt, Input, Output, CustomStatus, Failure is null ? null : Failures.FromWire(Failure)) { Version = Version };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
