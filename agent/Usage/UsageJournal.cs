using System.Globalization;
using System.Text;
using Dweb.Agent.Metering;
using Dweb.Agent.State;
using Dweb.Core.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Dweb.Agent.Usage;

/// <summary>
/// Everything that this agent ever signed of its leases' usage, for whoever audits it: appended and never changed. A line is on disk before its batch is sent.
/// What was torn by a power cut at the end is cut off; a file that was changed is set aside, and told of. Of a long journal the newest files alone are read at the
/// start: they have all leases of which anything is still to be signed.
/// </summary>
internal sealed partial class UsageJournal : IDisposable
{
    private const string Extension = ".journal";
    private const long MostBytes = 4 * 1024 * 1024;

    // The last one may have been begun a moment ago.
    private const int FilesRead = 2;

    private readonly string folder;
    private readonly ILogger<UsageJournal> log;
    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<LeaseHandle, UsageEntry> newest = [];
    private readonly Dictionary<LeaseHandle, UsageEntry> most = [];
    private FileStream? file;
    private string check = JournalLine.NoCheck;
    private long number;

    private UsageJournal(string folder, ILogger<UsageJournal> log)
    {
        this.folder = folder;
        this.log = log;
    }

    /// <summary>Reads what there is.</summary>
    /// <param name="folder">Made if it is not there.</param>
    public static UsageJournal Open(string folder, ILogger<UsageJournal> log)
    {
        Directory.CreateDirectory(folder);
        var journal = new UsageJournal(folder, log);
        journal.Load();
        return journal;
    }

    /// <summary>Files in the order in which they were written.</summary>
    public static IReadOnlyList<string> FilesIn(string folder) =>
        !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)];

    /// <returns>The most that was signed of each of a lease's counters; null for one that was never signed.</returns>
    public UsageEntry? Signed(LeaseHandle handle)
    {
        gate.Wait();
        var found = most.GetValueOrDefault(handle);
        gate.Release();
        return found;
    }

    /// <summary>Writes what differs from what was written last. Returns when it is on disk.</summary>
    public async Task AppendAsync(ulong asOf, IReadOnlyList<UsageEntry> entries, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var changed = entries.Where(entry => newest.GetValueOrDefault(entry.Handle) != entry).ToList();
            if (changed.Count == 0)
            {
                return;
            }

            var stream = Open();
            var text = new StringBuilder();
            (string next, long count) = (check, number);
            foreach (var entry in changed)
            {
                text.Append(JournalLine.Of(++count, asOf, entry).Write(next, out next)).Append('\n');
            }

            await WriteAsync(stream, Encoding.UTF8.GetBytes(text.ToString()));
            (check, number) = (next, count);
            foreach (var entry in changed)
            {
                Note(entry);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        file?.Dispose();
        gate.Dispose();
    }

    /// <summary>All of it or nothing: half a line would make all that follow unreadable.</summary>
    private static async Task WriteAsync(FileStream stream, ReadOnlyMemory<byte> lines)
    {
        using var step = DurableSteps.Try(DurableStep.JournalWritten);
        long before = stream.Length;
        try
        {
            await stream.WriteAsync(lines, CancellationToken.None);
            stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            stream.SetLength(before);
            throw;
        }
    }

    // Of two control planes the one may be told later what was read earlier.
    private void Note(UsageEntry entry)
    {
        newest[entry.Handle] = entry;
        most[entry.Handle] = most.TryGetValue(entry.Handle, out var signed) ? MeterState.Larger(entry, signed) : entry;
    }

    // Without a buffer of its own, which would write later what did not fit.
    private static FileStream Append(string path) => new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    // Each file begins a chain of its own, so that one that is lost or set aside makes no other unreadable; numbers go on, and show what is missing.
    private FileStream Open()
    {
        if (file is { Length: < MostBytes })
        {
            return file;
        }

        file?.Dispose();
        check = JournalLine.NoCheck;
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number + 1:d15}{Extension}"));
        return file = Append(path);
    }

    private void Load()
    {
        string? last = null;
        foreach (string path in FilesIn(folder).TakeLast(FilesRead))
        {
            var reading = JournalReading.Of(path);
            foreach (var line in reading.Lines)
            {
                Note(line.ToEntry());
                number = line.Number;
            }

            (check, last) = (reading.Check, path);
            if (reading.IsChanged)
            {
                File.Move(path, path + ".damaged", overwrite: true);
                Changed(path + ".damaged", reading.Lines.Count + 1);
                (check, last) = (JournalLine.NoCheck, null);
            }
            else if (reading.TornAt is { } end)
            {
                using var torn = new FileStream(path, FileMode.Open, FileAccess.Write);
                torn.SetLength(end);
                Torn(path);
            }
        }

        if (last is not null)
        {
            file = Append(last);
        }
    }

    [LoggerMessage(380, LogLevel.Error, "The usage journal was changed in line {Line}; it was set aside as {Path} and a new file was begun.")]
    private partial void Changed(string path, int line);

    [LoggerMessage(381, LogLevel.Warning, "The usage journal {Path} ended in the middle of a line, which was cut off.")]
    private partial void Torn(string path);
}
