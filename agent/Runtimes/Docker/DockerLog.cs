namespace Dweb.Agent.Runtimes.Docker;

/// <summary>What Docker's API gives of a log.</summary>
internal static class DockerLog
{
    public static LogTail Cut(string stdout, string stderr, int tail) => LogCut.Of(Lines(stdout).Concat(Lines(stderr)), tail);

    // Each line begins with its time in RFC 3339, nanoseconds padded, so that text order is time order over both streams.
    private static IEnumerable<LogLine> Lines(string text)
    {
        foreach (string line in text.Split('\n').Where(static l => l.Length > 0))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            yield return space < 0 ? new LogLine(line, "") : new LogLine(line[..space], line[(space + 1)..].TrimEnd('\r'));
        }
    }
}
