using System.Globalization;

namespace Dweb.Agent.Metering;

/// <summary>Tells a process from a later one that was given its number.</summary>
internal static class ProcessIdentity
{
    // Of /proc/PID/stat: state, the first field after the program's name, which may have spaces in it, is the third; the start is the 22nd.
    private const int FieldsFromStateToStart = 19;

    /// <summary>When the process began, in the kernel's ticks since it was booted.</summary>
    /// <param name="stat">Content of <c>/proc/PID/stat</c>.</param>
    public static ulong StartOf(ReadOnlySpan<char> stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..];
        for (int i = 0; i < FieldsFromStateToStart; i++)
        {
            fields = fields[(fields.IndexOf(' ') + 1)..];
        }

        return ulong.Parse(fields[..fields.IndexOf(' ')], CultureInfo.InvariantCulture);
    }
}
