using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dweb.Chain.Signing;

namespace Dweb.Chain.Tests.Corpus;

/// <summary>One row. Where a byte stands many times, the file has it once with its count: <c>{00*28}</c>.</summary>
internal sealed class CorpusRow(string label, IReadOnlyDictionary<string, JsonElement> values)
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
        ? string.Concat(text.Split('{', '}').Select(static (part, at) => at % 2 == 0 ? part : Repeat(part.Split('*'))))
        : text;

    private static string Repeat(string[] run) => string.Concat(Enumerable.Repeat(run[0], int.Parse(run[1], CultureInfo.InvariantCulture)));
}
