using System.Text.Json;
using Dweb.Agent.State;
using Dweb.Core.Protocol;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Leases;

/// <summary>A file a lease, each replaced as a whole, so that writing one can never harm another.</summary>
internal sealed partial class LeaseStore(string folder, ILogger<LeaseStore> log)
{
    private const string Extension = ".json";

    public async Task SaveAsync(LeaseRecord record, CancellationToken cancellationToken)
    {
        using var step = DurableSteps.Try(StepOf(record.Stage));
        await AtomicFile.WriteAsync(PathOf(record.LeaseId), JsonSerializer.SerializeToUtf8Bytes(record, LeaseJson.Default.LeaseRecord), cancellationToken);
    }

    public void Delete(Hash32 leaseId)
    {
        using var step = DurableSteps.Try(DurableStep.RecordDeleted);
        File.Delete(PathOf(leaseId));
    }

    /// <summary>Reads every record. A damaged one is set aside and told of: its container, if it has one, is found by its label.</summary>
    public async Task<IReadOnlyList<LeaseRecord>> LoadAsync(CancellationToken cancellationToken)
    {
        var records = new List<LeaseRecord>();
        foreach (string path in Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal).ToList())
        {
            try
            {
                await using var file = File.OpenRead(path);
                records.Add(await JsonSerializer.DeserializeAsync(file, LeaseJson.Default.LeaseRecord, cancellationToken) ?? throw new JsonException("It holds null."));
            }
            catch (JsonException damage)
            {
                string aside = path + ".damaged";
                File.Move(path, aside, overwrite: true);
                Damaged(aside, damage.Message);
            }
        }

        return records;
    }

    private static DurableStep StepOf(LeaseStage stage) => stage switch
    {
        LeaseStage.Waiting => DurableStep.WaitingRecordWritten,
        LeaseStage.Started => DurableStep.StartedRecordWritten,
        LeaseStage.Ended => DurableStep.EndedRecordWritten,
        _ => DurableStep.RefusedRecordWritten,
    };

    private string PathOf(Hash32 leaseId) => Path.Combine(folder, leaseId.ToString()[2..] + Extension);
}
