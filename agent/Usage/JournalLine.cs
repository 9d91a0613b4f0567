using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Usage;

/// <summary>One lease's counters as they were signed, in one line of the journal.</summary>
/// <param name="Number">Of the line, over all files, from 1.</param>
/// <param name="AsOf">Timestamp of the block that the agent had read, Unix seconds.</param>
/// <param name="Lease">The lease's handle: the first sixteen bytes of its id.</param>
/// <param name="Cpu">mCPU-seconds.</param>
/// <param name="Memory">MiB-seconds.</param>
/// <param name="Storage">MiB-seconds.</param>
/// <param name="Received">MiB.</param>
/// <param name="Sent">MiB.</param>
internal sealed record JournalLine(
    long Number, ulong AsOf, string Lease, uint Seconds, ulong Cpu, ulong Memory, ulong Storage, uint Received, uint Sent)
{
    private const int CheckDigits = 16;

    /// <summary>Of the line before the first of a file.</summary>
    public static readonly string NoCheck = new('0', CheckDigits);

    public static JournalLine Of(long number, ulong asOf, UsageEntry entry) => new(
        number, asOf, entry.Handle.ToString(), entry.Seconds, entry.Cpu, entry.Memory, entry.Storage, entry.Received, entry.Sent);

    public UsageEntry ToEntry() => new(
        new LeaseHandle(UInt128.Parse(Lease.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)), Seconds, Cpu, Memory, Storage, Received, Sent);

    /// <summary>Checksum and content. The checksum is over the one before and the content, so that no line can be changed, left out or put in without all that follow.</summary>
    /// <param name="previous">Checksum of the line before.</param>
    public string Write(string previous, out string check)
    {
        string json = JsonSerializer.Serialize(this, JournalJson.Default.JournalLine);
        check = CheckOf(previous, json);
        return $"{check} {json}";
    }

    /// <returns>Null where the line is not what was written after <paramref name="previous"/>.</returns>
    public static JournalLine? Read(string text, string previous, out string check)
    {
        check = previous;
        if (text.Length <= CheckDigits + 1 || text[CheckDigits] != ' ' || CheckOf(previous, text[(CheckDigits + 1)..]) is var wanted && wanted != text[..CheckDigits])
        {
            return null;
        }

        check = wanted;
        return JsonSerializer.Deserialize(text.AsSpan(CheckDigits + 1), JournalJson.Default.JournalLine);
    }

    private static string CheckOf(string previous, string json) => Keccak256.Hash(Encoding.UTF8.GetBytes($"{previous} {json}")).ToString().Substring(2, CheckDigits);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalJson : JsonSerializerContext;
