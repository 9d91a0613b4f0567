using System.CommandLine;
using System.Globalization;

namespace Dweb.Cli.Invocation;

/// <summary>Times as people write them: <c>90s</c>, <c>30m</c>, <c>12h</c>, <c>7d</c>.</summary>
internal static class DurationText
{
    private const long Longest = 36_500L * 86_400;

    public static Option<TimeSpan?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = static result => ValueParsers.One<TimeSpan>(TryParse, "a time as 90s, 30m, 12h or 7d, at most 36500d")(result),
    };

    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        long seconds = text is [.., var unit] ? unit switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 } : 0;
        if (seconds == 0 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count * seconds > Longest)
        {
            return false;
        }

        value = TimeSpan.FromSeconds(count * seconds);
        return true;
    }

    /// <summary>How long, in the largest unit that leaves no more than two digits before it where that is possible.</summary>
    public static string Of(long seconds) => seconds switch
    {
        < 120 => $"{Math.Max(0, seconds)} s",
        < 7_200 => $"{seconds / 60} min",
        < 172_800 => $"{seconds / 3_600} h",
        _ => $"{seconds / 86_400} d",
    };
}
