using System.Globalization;

namespace Dweb.Agent.Metering;

/// <summary>Bytes over all interfaces but loopback, from <c>/proc/PID/net/dev</c>.</summary>
internal static class NetworkCounters
{
    private const int ReceivedColumn = 0;
    private const int SentColumn = 8;

    public static (ulong Received, ulong Sent) Parse(IEnumerable<string> lines)
    {
        (ulong received, ulong sent) = (0, 0);
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || line[..colon].Trim() == "lo")
            {
                continue;
            }

            string[] columns = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            received += ulong.Parse(columns[ReceivedColumn], CultureInfo.InvariantCulture);
            sent += ulong.Parse(columns[SentColumn], CultureInfo.InvariantCulture);
        }

        return (received, sent);
    }
}
