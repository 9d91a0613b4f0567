using System.Globalization;
using System.Numerics;

namespace Dweb.Core.Protocol;

/// <summary>Amounts as people write them: DWEB with up to 18 decimals ("12.5"), or wei with a suffix ("1000wei").</summary>
public static class Amount
{
    public const int Decimals = 18;

    internal const string WeiSuffix = "wei";

    public static BigInteger WeiPerDweb { get; } = BigInteger.Pow(10, Decimals);

    /// <summary>Digits and one point; no sign, no exponent, no grouping, no more decimals than wei has.</summary>
    public static bool TryParse(string? text, out BigInteger wei)
    {
        wei = default;
        string trimmed = text?.Trim() ?? "";
        return trimmed.EndsWith(WeiSuffix, StringComparison.OrdinalIgnoreCase)
            ? DecimalText.TryScale(trimmed[..^WeiSuffix.Length].TrimEnd(), 0, out wei)
            : DecimalText.TryScale(trimmed, Decimals, out wei);
    }

    /// <exception cref="FormatException">Not an amount.</exception>
    public static BigInteger Parse(string text) => TryParse(text, out var wei)
        ? wei
        : throw new FormatException($"'{text}' is no amount; write DWEB as 12.5, or wei as 1000wei.");

    /// <summary>Exact, without grouping or trailing zeros: what <see cref="TryParse"/> reads back (but for a minus sign).</summary>
    public static string Format(BigInteger wei) => Join(wei, grouped: false);

    /// <summary>For people: exact, thousands grouped with commas.</summary>
    public static string FormatGrouped(BigInteger wei) => Join(wei, grouped: true);

    private static string Join(BigInteger wei, bool grouped)
    {
        var whole = BigInteger.DivRem(BigInteger.Abs(wei), WeiPerDweb, out var rest);
        string decimals = rest.ToString(CultureInfo.InvariantCulture).PadLeft(Decimals, '0').TrimEnd('0');
        string digits = whole.ToString(grouped ? "#,0" : "0", CultureInfo.InvariantCulture);
        return (wei.Sign < 0 ? "-" : "") + digits + (decimals.Length == 0 ? "" : "." + decimals);
    }
}
