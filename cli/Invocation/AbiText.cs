using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using Dweb.Chain.Abi;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Invocation;

/// <summary>Arguments of a call as people write them: numbers, addresses, 0x and hexadecimal digits, true, texts, and lists as <c>[a,b]</c>.</summary>
internal static class AbiText
{
    public static bool TryParse(AbiType type, string text, [NotNullWhen(true)] out AbiValue? value)
    {
        value = type switch
        {
            IntegerType => BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            AddressType => EvmAddress.TryParse(text, out var address) ? address : null,
            BooleanType => text switch { "true" => true, "false" => false, _ => null },
            FixedBytesType bytes => Bytes(text) is { } read && read.Length == bytes.Length ? new AbiBytes(read) : null,
            BytesType => Bytes(text) is { } read ? new AbiBytes(read) : null,
            StringType => text,
            ArrayType array => List(text, '[', ']') is { } items && (array.Length is null || array.Length == items.Count)
                ? Many(items.Select(item => (array.Element, item)))
                : null,
            TupleType tuple => List(text, '(', ')') is { } items && tuple.Components.Count == items.Count ? Many(tuple.Components.Zip(items)) : null,
            _ => null,
        };
        return value is not null;
    }

    private static AbiValue? Many(IEnumerable<(AbiType Type, string Text)> items)
    {
        var values = new List<AbiValue>();
        foreach (var (type, text) in items)
        {
            if (!TryParse(type, text, out var value))
            {
                return null;
            }

            values.Add(value);
        }

        return AbiValue.List(values);
    }

    private static byte[]? Bytes(string text)
    {
        if (!text.StartsWith("0x", StringComparison.Ordinal) || text.Length % 2 != 0 || !text.AsSpan(2).ContainsOnlyHexDigits())
        {
            return null;
        }

        return Convert.FromHexString(text.AsSpan(2));
    }

    private static bool ContainsOnlyHexDigits(this ReadOnlySpan<char> text)
    {
        foreach (char digit in text)
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>What stands between the commas of the outermost list; null when it is none.</returns>
    private static List<string>? List(string text, char open, char close)
    {
        if (text.Length < 2 || text[0] != open || text[^1] != close)
        {
            return null;
        }

        string inside = text[1..^1];
        var items = new List<string>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < inside.Length; i++)
        {
            depth += inside[i] is '[' or '(' ? 1 : inside[i] is ']' or ')' ? -1 : 0;
            if (inside[i] == ',' && depth == 0)
            {
                items.Add(inside[start..i].Trim());
                start = i + 1;
            }
        }

        return inside.Length == 0 ? items : [.. items, inside[start..].Trim()];
    }
}
