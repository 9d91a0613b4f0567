using System.Globalization;

namespace Dweb.Benchmarks.Agents;

/// <summary>What the kernel has counted of another process.</summary>
internal static class ProcessFigures
{
    /// <summary>USER_HZ, which is 100 on every Linux that .NET runs on.</summary>
    public const int TicksPerSecond = 100;

    /// <returns>Ticks in user and system mode.</returns>
    public static long CpuTicks(int pid)
    {
        // After the name, which may hold blanks, fields 14 and 15 are the 12th and 13th.
        string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    public static long ResidentKiB(int pid)
    {
        string line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status")).Single(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
