using System.Globalization;

namespace Dweb.Local.Processes;

/// <summary>
/// A process, named so that it cannot be mistaken for a later one that got the same number:
/// <paramref name="StartTime"/> is field 22 of <c>/proc/PID/stat</c>, in clock ticks since the machine started.
/// </summary>
internal readonly record struct ProcessId(int Pid, ulong StartTime)
{
    /// <summary>The process that has this number now, or null when there is none.</summary>
    public static ProcessId? Of(int pid)
    {
        var fields = StatusFields(pid);
        return fields is null ? null : new ProcessId(pid, ulong.Parse(fields[StartTimeField], CultureInfo.InvariantCulture));
    }

    /// <summary>Whether this very process still runs; one that ended but was not collected by its parent does not.</summary>
    public bool IsRunning
    {
        get
        {
            var fields = StatusFields(Pid);
            return fields is not null
                && ulong.Parse(fields[StartTimeField], CultureInfo.InvariantCulture) == StartTime
                && fields[StateField] is not ("Z" or "X");
        }
    }

    // Positions after the command name, which is in parentheses and may hold anything.
    private const int StateField = 0;
    private const int StartTimeField = 19;

    private static string[]? StatusFields(int pid)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            // The kernel answers ENOENT before and ESRCH while the process disappears: both mean it is gone.
            return null;
        }

        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }
}
