using System.Globalization;
using System.Numerics;

namespace Dweb.Cli.Invocation;

/// <summary>The asks of a COE as people write them: <c>cpu=100,memory=50,storage=1,bandwidth=20,transfer=1000</c>.</summary>
internal static class AskText
{
    private static readonly string[] Resources = ["cpu", "memory", "storage", "bandwidth", "transfer"];

    /// <param name="prices">Wei, in the order of the resources; what is not named is free.</param>
    public static bool TryParse(string text, out IReadOnlyList<BigInteger> prices)
    {
        bool read = TryParseSome(text, out var some);
        prices = [.. some.Select(static price => price ?? BigInteger.Zero)];
        return read;
    }

    /// <param name="prices">Wei, in the order of the resources; null for what is not named.</param>
    public static bool TryParseSome(string text, out IReadOnlyList<BigInteger?> prices)
    {
        var read = new BigInteger?[Resources.Length];
        prices = read;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            int resource = equals < 0 ? -1 : Array.IndexOf(Resources, part[..equals]);
            if (resource < 0 || read[resource] is not null
                || !BigInteger.TryParse(part.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var price)
                || price > (BigInteger)UInt128.MaxValue)
            {
                return false;
            }

            read[resource] = price;
        }

        return true;
    }
}
