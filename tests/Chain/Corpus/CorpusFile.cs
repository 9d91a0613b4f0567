using System.Text.Json;

namespace Dweb.Chain.Tests.Corpus;

/// <summary>Rows that cast computed; see regenerate.sh.</summary>
internal static class CorpusFile
{
    private const int Least = 100;

    public static IReadOnlyList<JsonElement> Read(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Corpus", name + ".json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement[] rows = [.. document.RootElement.Clone().EnumerateArray()];
        Assert.True(rows.Length >= Least, $"{name} has only {rows.Length} rows.");
        return rows;
    }

    public static string Text(this JsonElement row, string name) => row.GetProperty(name).GetString()!;

    public static byte[] Bytes(this JsonElement row, string name) => Convert.FromHexString(row.Text(name)[2..]);

    public static System.Numerics.BigInteger Number(this JsonElement row, string name) =>
        System.Numerics.BigInteger.Parse(row.Text(name), System.Globalization.CultureInfo.InvariantCulture);
}
