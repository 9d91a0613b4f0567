using System.Globalization;
using System.Text;

namespace Dweb.Agent.Runtimes.Podman;

/// <summary>
/// The file in which Podman keeps what a container wrote, a line for each: time, stream, whole or part, text. Its API tells times to the second only, by which
/// nothing can be put in order or gone on from.
/// </summary>
internal static class PodmanLog
{
    // Most answers need no more of the file than this.
    private const int Window = 1024 * 1024;

    // "2026-11-01T12:00:00", and with the nanoseconds.
    private const int SecondsEnd = 19;
    private const int FractionEnd = 29;
    private const string Part = "P";

    /// <param name="lines">At most.</param>
    /// <returns>The last ones; one more than asked for where there are more.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<IReadOnlyList<LogLine>> ReadAsync(string path, int lines, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            // Nothing has run yet.
            return [];
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long length = file.Length;
        var read = Parse(await TextAsync(file, Math.Max(0, length - Window), cancellationToken));
        if (read.Count <= lines && length > Window)
        {
            read = Parse(await TextAsync(file, 0, cancellationToken));
        }

        return [.. read.TakeLast(lines + 1)];
    }

    /// <summary>Parts of one line are put together. The last may be without its end.</summary>
    public static IReadOnlyList<LogLine> Parse(string text)
    {
        var lines = new List<LogLine>();
        var open = new SortedDictionary<string, (string Stamp, StringBuilder Text)>(StringComparer.Ordinal);
        foreach (string entry in text.Split('\n'))
        {
            string[] words = entry.Split(' ', 4);
            if (words.Length < 4 || Utc(words[0]) is not { } stamp)
            {
                continue;
            }

            var begun = open.Remove(words[1], out var known) ? known.Text : new StringBuilder();
            begun.Append(words[3]);
            if (words[2] == Part)
            {
                open[words[1]] = (stamp, begun);
            }
            else
            {
                lines.Add(new LogLine(stamp, begun.ToString()));
            }
        }

        lines.AddRange(open.Values.Select(static rest => new LogLine(rest.Stamp, rest.Text.ToString())));
        return lines;
    }

    // What is before the first line's end may be the rest of a line.
    private static async Task<string> TextAsync(FileStream file, long from, CancellationToken cancellationToken)
    {
        file.Position = from;
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, cancellationToken);
        string text = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        return from == 0 ? text : text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }

    // In one zone, so that the order of text is that of time also over a change of the zone.
    private static string? Utc(string stamp) =>
        stamp.Length > FractionEnd && DateTimeOffset.TryParse(stamp[..SecondsEnd] + stamp[FractionEnd..], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
            ? time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + stamp[SecondsEnd..FractionEnd] + "Z"
            : null;
}
