using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Rpc;

/// <summary>The hexadecimal forms of JSON-RPC: quantities without leading zeros, data with an even number of digits.</summary>
internal static class Quantity
{
    public static string Format(BigInteger value) => "0x" + (value.IsZero ? "0" : value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0'));

    public static string FormatData(ReadOnlySpan<byte> data) => "0x" + Convert.ToHexStringLower(data);

    public static BigInteger ReadNumber(this JsonElement element)
    {
        string text = element.ReadHex();
        return BigInteger.TryParse("0" + text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && text.Length > 0
            ? value
            : throw Unexpected(element, "a hexadecimal quantity");
    }

    public static ulong ReadUInt64(this JsonElement element) =>
        element.ReadNumber() is var value && value <= ulong.MaxValue ? (ulong)value : throw Unexpected(element, "a quantity of 64 bits");

    public static byte[] ReadData(this JsonElement element)
    {
        string text = element.ReadHex();
        return text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : throw Unexpected(element, "hexadecimal data");
    }

    public static Hash32 ReadHash(this JsonElement element) =>
        Hash32.TryParse(element.GetString(), out var hash) ? hash : throw Unexpected(element, "a hash");

    public static EvmAddress ReadAddress(this JsonElement element) =>
        EvmAddress.TryParse(element.GetString(), out var address) ? address : throw Unexpected(element, "an address");

    private static string ReadHex(this JsonElement element)
    {
        string? text = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        return text is not null && text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : throw Unexpected(element, "0x and hexadecimal digits");
    }

    private static JsonException Unexpected(JsonElement element, string expected)
    {
        string raw = element.GetRawText();
        return new JsonException($"Expected {expected} from the node, found {(raw.Length > 80 ? raw[..80] + "…" : raw)}.");
    }
}
