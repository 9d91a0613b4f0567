using System.Globalization;
using System.Numerics;

namespace Dweb.Core.Protocol;

/// <summary>Decimal numbers as exact integers of a smaller unit.</summary>
internal static class DecimalText
{
    // More digits than any amount of the protocol has; bounds the work of a hostile input.
    private const int MaxLength = 100;

    /// <summary>Reads "1.25" with 3 decimals as 1250. More decimals than the unit has are refused, not rounded.</summary>
    public static bool TryScale(string text, int decimals, out BigInteger value)
    {
        value = default;
        int point = text.IndexOf('.', StringComparison.Ordinal);
        string whole = point < 0 ? text : text[..point];
        string fraction = point < 0 ? "" : text[(point + 1)..].TrimEnd('0');
        bool wellFormed = text.Length is > 0 and <= MaxLength && whole.Length > 0 && whole.All(char.IsAsciiDigit) && fraction.All(char.IsAsciiDigit)
            && (point < 0 || point < text.Length - 1) && fraction.Length <= decimals;
        if (wellFormed)
        {
            value = BigInteger.Parse(whole + fraction.PadRight(decimals, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
        }

        return wellFormed;
    }
}
