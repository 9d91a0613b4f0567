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
        var read = new BigInteger[Resources.Length];
        prices = read;
        var named = new HashSet<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            int resource = equals < 0 ? -1 : Array.IndexOf(Resources, part[..equals]);
            if (resource < 0 || !named.Add(resource)
                || !BigInteger.TryParse(part.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out read[resource])
                || read[resource] > (BigInteger)UInt128.MaxValue)
            {
                return false;
            }
        }

        return true;
    }
}
