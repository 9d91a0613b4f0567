using System.Text;

namespace Dweb.Agent.Runtimes;

/// <param name="Stamp">When it was written, in a form whose order as text is that of time.</param>
internal readonly record struct LogLine(string Stamp, string Text);

/// <summary>Cuts what a container wrote to what one answer may hold.</summary>
internal static class LogCut
{
    public const int MostLines = 1_000;

    private const int MostBytes = 512 * 1024;

    /// <param name="written">One line more than <paramref name="tail"/> where there are more.</param>
    public static LogTail Of(IEnumerable<LogLine> written, int tail)
    {
        var lines = written.OrderBy(static line => line.Stamp, StringComparer.Ordinal).ToList();
        int room = MostBytes;
        var kept = new List<LogLine>();
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
}
