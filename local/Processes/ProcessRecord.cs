using System.Text.Json.Serialization;

namespace Dweb.Local.Processes;

/// <summary>What is written down about a child while it runs, so that a later start can end it.</summary>
internal sealed record ProcessRecord(string Name, int Pid, ulong StartTime, int Order, IReadOnlyDictionary<string, int> Ports)
{
    [JsonIgnore]
    public ProcessId Id => new(Pid, StartTime);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ProcessRecord))]
internal sealed partial class ProcessRecordJson : JsonSerializerContext;
