using System.Globalization;

namespace Dweb.Agent.Metering;

/// <summary>Bytes over all interfaces but loopback, from <c>/proc/PID/net/dev</c>.</summary>
internal static class NetworkCounters
{
    private const int ReceivedColumn = 0;
    private const int SentColumn = 8;

    public static (ulong Received, ulong Sent) Parse(ReadOnlySpan<char> text)
    {
        (ulong received, ulong sent) = (0, 0);
        foreach (var line in text.EnumerateLines())
        {
            int colon = line.IndexOf(':');
            if (colon < 0 || line[..colon].Trim() is "lo")
            {
                continue;
            }

            var columns = line[(colon + 1)..];
            for (int i = 0; i <= SentColumn; i++)
            {
                columns = columns.TrimStart(' ');
                int end = columns.IndexOf(' ');
                var column = end < 0 ? columns : columns[..end];
                received += i == ReceivedColumn ? ulong.Parse(column, CultureInfo.InvariantCulture) : 0;
                sent += i == SentColumn ? ulong.Parse(column, CultureInfo.InvariantCulture) : 0;
                columns = columns[column.Length..];
            }
        }

        return (received, sent);
    }
}
