using System.Text;

namespace Dweb.Agent.Runtimes.Docker;

/// <summary>Cuts what a container wrote to lines, and to what one answer may hold.</summary>
internal static class DockerLog
{
    public const int MostLines = 1_000;

    private const int MostBytes = 512 * 1024;

    public static LogTail Cut(string stdout, string stderr, int tail)
    {
        var lines = Lines(stdout).Concat(Lines(stderr)).OrderBy(static l => l.Stamp, StringComparer.Ordinal).ToList();
        int room = MostBytes;
        var kept = new List<(string Stamp, string Text)>();
        foreach (var line in Enumerable.Reverse(lines).Take(tail))
        {
            room -= Encoding.UTF8.GetByteCount(line.Text) + 1;
            if (room < 0)
            {
                break;
            }

            kept.Add(line);
        }

        kept.Reverse();
        return new LogTail([.. kept.Select(static l => l.Text)], kept.Count < lines.Count) { Stamps = [.. kept.Select(static l => l.Stamp)] };
    }

    // Each line begins with its time in RFC 3339, nanoseconds padded, so that text order is time order over both streams.
    private static IEnumerable<(string Stamp, string Text)> Lines(string text)
    {
        foreach (string line in text.Split('\n').Where(static l => l.Length > 0))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            yield return space < 0 ? (line, "") : (line[..space], line[(space + 1)..].TrimEnd('\r'));
        }
    }
}
