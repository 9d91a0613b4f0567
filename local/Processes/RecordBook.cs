using System.Text.Json;

namespace Dweb.Local.Processes;

/// <summary>The records of the processes of one stack: a file each, written before the process is used and removed after it ended.</summary>
internal sealed class RecordBook(string folder)
{
    public void Write(ProcessRecord record)
    {
        Directory.CreateDirectory(folder);
        var file = FileOf(record.Name);
        var draft = file + ".draft";
        File.WriteAllText(draft, JsonSerializer.Serialize(record, ProcessRecordJson.Default.ProcessRecord));
        File.Move(draft, file, overwrite: true);
    }

    public void Remove(string name) => File.Delete(FileOf(name));

    /// <summary>All records, those started last first.</summary>
    public IReadOnlyList<ProcessRecord> Read() =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.json").Select(Parse).OrderByDescending(r => r.Order)]
            : [];

    /// <summary>Ends what an earlier start left running, last started first. Returns the names of those that still ran.</summary>
    public async Task<IReadOnlyList<string>> EndLeftovers(TimeSpan patience, CancellationToken stop)
    {
        var ended = new List<string>();
        foreach (var record in Read())
        {
            if (record.Id.IsRunning)
            {
                await Ending.End(record.Id, patience, stop);
                ended.Add(record.Name);
            }

            Remove(record.Name);
        }

        return ended;
    }

    private string FileOf(string name) => Path.Combine(folder, name + ".json");

    private static ProcessRecord Parse(string file) =>
        JsonSerializer.Deserialize(File.ReadAllText(file), ProcessRecordJson.Default.ProcessRecord)
        ?? throw new LocalException($"The process record {file} is empty.", "Remove the file; if a part still runs, end it by hand.");
}
