using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dweb.Chain.Signing;

namespace Dweb.Chain.Tests.Corpus;

/// <summary>One row. Where a byte stands many times, the file has it once with its count: <c>{00*28}</c>.</summary>
internal sealed partial class CorpusRow(string label, IReadOnlyDictionary<string, JsonElement> values)
{
    /// <summary>The file need not hold keys: each is the sha256 of its row's label.</summary>
    public PrivateKey Key => PrivateKey.Parse("0x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(label))));

    public JsonElement this[string column] => values[column];

    /// <returns>Null for a value that the row does not have.</returns>
    public string? Optional(string column) => values[column].GetString() is { } text ? Expand(text) : null;

    public string Text(string column) => Optional(column)!;

    public byte[] Bytes(string column) => Convert.FromHexString(Text(column)[2..]);

    public BigInteger Number(string column) => BigInteger.Parse(values[column].ToString(), CultureInfo.InvariantCulture);

    public static string Expand(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? Repeated().Replace(text, static match => string.Concat(
            Enumerable.Repeat(match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))))
        : text;

    [GeneratedRegex(@"\{([0-9a-f]{2})\*(\d+)\}")]
    private static partial Regex Repeated();
}
