using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Core.Manifest.Compose;

/// <summary>Sizes as Compose writes them: a number with b, k, m, g or t (or kb, kib …), each 1,024 times the one before; bytes without a unit.</summary>
internal static class SizeText
{
    private const int Mebi = 20;
    private const int Gibi = 30;

    // Enough for every binary fraction that is a whole number of mebibytes.
    private const int Decimals = 24;
    private const string Units = "bkmgt";

    public static ulong ReadMebibytes(ComposeNode node, ulong least, ulong most) => Read(node, Mebi, "MiB", least, most);

    public static ulong ReadGibibytes(ComposeNode node, ulong least, ulong most) => Read(node, Gibi, "GiB", least, most);

    /// <summary>Bytes; false for anything else, or for a fraction of a byte.</summary>
    public static bool TryParse(string text, out BigInteger bytes)
    {
        bytes = default;
        string number = text[..(text.Length - text.Reverse().TakeWhile(char.IsAsciiLetter).Count())];
        string unit = text[number.Length..].ToLowerInvariant();
        int power = unit.Length == 0 ? 0 : Units.IndexOf(unit[0], StringComparison.Ordinal);
        bool known = power >= 0 && (unit.Length <= 1 || (power > 0 && unit[1..] is ("b" or "ib")));
        if (!known || !DecimalText.TryScale(number.TrimEnd(), Decimals, out var scaled))
        {
            return false;
        }

        bytes = BigInteger.DivRem(scaled << (10 * power), BigInteger.Pow(10, Decimals), out var rest);
        return rest.IsZero;
    }

    private static ulong Read(ComposeNode node, int shift, string unit, ulong least, ulong most)
    {
        string text = node.AsText();
        if (!TryParse(text, out var bytes))
        {
            throw node.Malformed($"must be a size, as 64m or 2g, not '{text}'");
        }

        var whole = bytes >> shift;
        return whole << shift != bytes ? throw node.Malformed($"must be a whole number of {unit}")
            : whole < least || whole > most ? throw node.Malformed($"must be {least} to {most} {unit}")
            : (ulong)whole;
    }
}
