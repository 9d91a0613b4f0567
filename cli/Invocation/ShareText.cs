using System.Globalization;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Invocation;

/// <summary>A member of a DAO and its shares as people write them: <c>ADDRESS=SHARES</c>.</summary>
internal sealed record ShareText(EvmAddress Member, uint Shares)
{
    public static bool TryParse(string text, out ShareText value)
    {
        value = null!;
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || !EvmAddress.TryParse(text[..equals], out var member)
            || !uint.TryParse(text.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out uint shares))
        {
            return false;
        }

        value = new ShareText(member, shares);
        return true;
    }
}
