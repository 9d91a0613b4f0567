using System.Text.Json;
using System.Text.Json.Serialization;
using Dweb.Agent.Startup;
using Dweb.Core.Doctor;

namespace Dweb.Agent.Doctor;

/// <summary><c>--doctor</c>: what is wrong on a host, and what mends it.</summary>
internal static class DoctorProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>Exit code: 1 when something is wrong.</returns>
    public static async Task<int> RunAsync(string settingsFile, bool asJson, TextWriter output, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Patience, MaxResponseContentBufferSize = 1024 * 1024 };
        var findings = await HostExamination.MakeAsync(settingsFile, http, TimeProvider.System, cancellationToken);
        foreach (string line in asJson ? [JsonSerializer.Serialize(findings, DoctorJson.Default.IReadOnlyListFinding)] : findings.SelectMany(static finding => finding.ToLines()))
        {
            await output.WriteLineAsync(line);
        }

        return findings.Any(static finding => finding.State == FindingState.Wrong) ? ExitStatus.CannotStart : ExitStatus.Done;
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
internal sealed partial class DoctorJson : JsonSerializerContext;
