using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Dweb.Core.Metering;
using Dweb.Core.Protocol;

namespace Dweb.Core.Tests.Golden;

/// <summary>
/// Golden vectors: contracts/test/vectors/generate.mjs computes them from docs/protocol.md alone, and the contracts are tested against the same files.
/// </summary>
internal static class Vectors
{
    /// <param name="file">Its name without the ending.</param>
    /// <param name="list">One of the file's lists.</param>
    public static IReadOnlyList<JsonElement> Read(string file, string list = "cases")
    {
        using var stream = typeof(Vectors).Assembly.GetManifestResourceStream(file)!;
        using var document = JsonDocument.Parse(stream);
        JsonElement[] cases = [.. document.RootElement.GetProperty(list).Clone().EnumerateArray()];
        Assert.NotEmpty(cases);
        return cases;
    }

    /// <summary>Integers beyond 2^53 are texts in the files.</summary>
    public static BigInteger Integer(this JsonElement value) => BigInteger.Parse(value.ToString(), CultureInfo.InvariantCulture);

    public static BigInteger Integer(this JsonElement parent, string name) => parent.GetProperty(name).Integer();

    public static ulong Number(this JsonElement parent, string name) => (ulong)parent.Integer(name);

    public static string Text(this JsonElement parent, string name) => parent.GetProperty(name).GetString()!;

    public static Hash32 Hash(this JsonElement parent, string name) => Hash32.Parse(parent.Text(name));

    public static EvmAddress Address(this JsonElement parent, string name) => EvmAddress.Parse(parent.Text(name));

    public static IReadOnlyList<BigInteger> Integers(this JsonElement parent, string name) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(static value => value.Integer())];

    /// <param name="contract">Name of the member that holds the contract's address.</param>
    public static TypedDataDomain Domain(this JsonElement parent, string contract) => new(parent.Number("chainId"), parent.Address(contract));

    public static LeaseTerms Terms(this JsonElement parent)
    {
        var t = parent.GetProperty("terms");
        return new LeaseTerms(
            (uint)t.Number("hostRate"), (uint)t.Number("baseRate"), (uint)t.Number("hostTransfer"), (uint)t.Number("baseTransfer"),
            (ushort)t.Number("royaltyBps"), (ushort)t.Number("feeBps"), (uint)t.Number("allowanceGiB"), (ushort)t.Number("rentShare"));
    }
}
