using System.Globalization;
using Dweb.Agent.Settings;
using Dweb.Agent.Startup;
using Dweb.Agent.State;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Usage;

/// <summary><c>--usage LEASE</c>: what this agent has signed of a lease, from its journal. The user sees the newest of these in <c>dweb usage</c>.</summary>
internal static class JournalProgram
{
    /// <returns>1 where a file of the journal is not as it was written.</returns>
    public static async Task<int> RunAsync(AgentSettings settings, Hash32 lease, TextWriter output)
    {
        var handle = LeaseHandle.Of(lease);
        bool isWhole = true;
        await output.WriteLineAsync("AS OF       SECONDS  CPU mCPU·s  MEMORY MiB·s  STORAGE MiB·s  IN MiB  OUT MiB");
        foreach (string path in UsageJournal.FilesIn(DataFolder.JournalOf(settings.DataFolder)))
        {
            var reading = JournalReading.Of(path);
            foreach (var line in reading.Lines.Where(line => line.ToEntry().Handle == handle))
            {
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{line.AsOf,-10}  {line.Seconds,7}  {line.Cpu,10}  {line.Memory,12}  {line.Storage,13}  {line.Received,6}  {line.Sent,7}"));
            }

            if (reading.IsChanged)
            {
                isWhole = false;
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{path}: line {reading.Lines.Count + 1} is not as it was written"));
            }
        }

        return isWhole ? ExitStatus.Done : ExitStatus.CannotStart;
    }
}
