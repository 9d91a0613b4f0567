using System.Globalization;

namespace Dweb.Local.Bench.Agent;

/// <summary>What a process has taken of the machine, from <c>/proc</c>.</summary>
/// <param name="Cpu">Of all its threads, of user and kernel.</param>
/// <param name="ResidentKib">KiB in memory now.</param>
/// <param name="OwnKib">Of these, what is of no file: heap and stacks.</param>
internal sealed record ProcessCost(TimeSpan Cpu, long ResidentKib, long OwnKib)
{
    // Of /proc, on every machine that Linux runs on today (sysconf _SC_CLK_TCK).
    private const int TicksPerSecond = 100;

    // Fields of /proc/PID/stat after the program's name, which may have spaces in it.
    private const int UserField = 11;
    private const int KernelField = 12;

    public static ProcessCost Of(int pid)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[UserField], CultureInfo.InvariantCulture) + long.Parse(fields[KernelField], CultureInfo.InvariantCulture);
        var status = File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"));
        return new ProcessCost(TimeSpan.FromSeconds((double)ticks / TicksPerSecond), Kib(status, "VmRSS:"), Kib(status, "RssAnon:"));
    }

    private static long Kib(string[] status, string name) =>
        long.Parse(status.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
