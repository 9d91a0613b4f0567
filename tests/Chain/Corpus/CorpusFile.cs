using System.Text.Json;

namespace Dweb.Chain.Tests.Corpus;

/// <summary>Rows that cast computed; see regenerate.sh.</summary>
internal static class CorpusFile
{
    private const int Least = 1000;

    public static IReadOnlyList<CorpusRow> Read(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Corpus", name + ".json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var root = document.RootElement.Clone();
        string[] columns = [.. root.GetProperty("columns").EnumerateArray().Select(static c => c.GetString()!)];
        CorpusRow[] rows =
        [
            .. root.GetProperty("rows").EnumerateArray().Select((row, index) =>
                new CorpusRow($"{name}-{index}", columns.Zip(row.EnumerateArray()).ToDictionary(static c => c.First, static c => c.Second))),
        ];
        Assert.True(rows.Length >= Least, $"{name} has only {rows.Length} rows.");
        return rows;
    }
}
