using System.Globalization;

namespace Dweb.Core.Manifest.Compose;

/// <summary>Durations as Compose writes them, in whole seconds: <c>1h30m</c>, <c>45s</c>, <c>2d</c>; a number alone is seconds.</summary>
internal static class DurationText
{
    private const int MaxDigits = 9;

    /// <summary>Units may come once each, from large to small.</summary>
    public static bool TryParse(string text, out long seconds)
    {
        seconds = 0;
        long smallestSoFar = long.MaxValue;
        int at = 0;
        while (at < text.Length)
        {
            int start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            bool alone = start == 0 && at == text.Length;
            long unit = alone ? 1 : at < text.Length ? UnitOf(text[at]) : 0;
            if (at == start || at - start > MaxDigits || unit == 0 || unit >= smallestSoFar)
            {
                return false;
            }

            seconds += unit * long.Parse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture);
            smallestSoFar = unit;
            at++;
        }

        return text.Length > 0;
    }

    private static long UnitOf(char unit) => unit switch
    {
        'd' => 86_400,
        'h' => 3_600,
        'm' => 60,
        's' => 1,
        _ => 0,
    };
}
