using System.Diagnostics;

namespace Dweb.Local.Processes;

/// <summary>A part that keeps running: its output goes to a log, and it is on record for as long as it lives.</summary>
internal sealed class Child
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Process _process;
    private readonly RecordBook _book;
    private readonly ProcessRecord _record;

    private Child(Process process, RecordBook book, ProcessRecord record, string log)
    {
        (_process, _book, _record, Log) = (process, book, record, log);
    }

    public string Name => _record.Name;

    public string Log { get; }

    public bool HasEnded => _process.HasExited;

    public static async Task<Child> Start(
        Spawner spawner, RecordBook book, string name, int order, IReadOnlyDictionary<string, int> ports, Launch launch, string log)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        // The shell hands its output to the file and becomes the program: no pipe ends in this process, so a crash here breaks no write there.
        var logged = launch with { FileName = "sh", Arguments = ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, launch.FileName, .. launch.Arguments] };
        var process = await spawner.Start(logged.ToStartInfo());
        var id = ProcessId.Of(process.Id)
            ?? throw new LocalException($"{name} ended at once:\n{LogTail.Of(log)}", $"Its log is {log}.");
        var record = new ProcessRecord(name, id.Pid, id.StartTime, order, ports);
        book.Write(record);
        return new Child(process, book, record, log);
    }

    /// <summary>Ends the part as a power cut would, with all that it started.</summary>
    public async Task Kill(CancellationToken stop)
    {
        Signals.EndGroup(_record.Id);
        await _process.WaitForExitAsync(stop);
        _book.Remove(Name);
        _process.Dispose();
    }

    /// <summary>Ends the part: asked first, killed with its group when it does not end within 15 s.</summary>
    public async Task Stop(CancellationToken stop)
    {
        await Ending.End(_record.Id, Patience, stop);
        _book.Remove(Name);
        _process.Dispose();
    }
}
