using System.Globalization;
using System.Numerics;

namespace Dweb.Local.Demo;

/// <summary>Amounts of wei as people read them.</summary>
internal static class Money
{
    private const int Decimals = 18;

    /// <summary>DWEB with all 18 decimals, for columns.</summary>
    public static string Full(BigInteger wei)
    {
        var digits = BigInteger.Abs(wei).ToString(CultureInfo.InvariantCulture).PadLeft(Decimals + 1, '0');
        return (wei.Sign < 0 ? "-" : "") + digits[..^Decimals] + "." + digits[^Decimals..];
    }

    /// <summary>DWEB with the decimals that are not 0, as the command line takes them too.</summary>
    public static string Text(BigInteger wei) => Full(wei).TrimEnd('0').TrimEnd('.');

    /// <summary>From a decimal string of wei.</summary>
    public static BigInteger Parse(string wei) => BigInteger.Parse(wei, CultureInfo.InvariantCulture);
}
