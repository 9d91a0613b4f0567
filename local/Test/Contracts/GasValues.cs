using System.Globalization;
using System.Text.Json;

namespace Dweb.Local.Test.Contracts;

/// <summary>Figures that the contracts' tests recorded with <c>vm.snapshotValue(group, name, value)</c>.</summary>
/// <param name="Groups">By group and name. Mostly gas; sizes of calldata in bytes too.</param>
internal sealed record GasValues(IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Groups)
{
    /// <summary>Where the gas tests are, in the words of forge's <c>--match-path</c>.</summary>
    public const string Tests = "test/gas/**";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string FolderIn(string contracts) => Path.Combine(contracts, "gas");

    /// <summary>Every figure, in the order of groups and names.</summary>
    public IEnumerable<(string Group, string Name, long Value)> All =>
        Groups.OrderBy(g => g.Key, StringComparer.Ordinal).SelectMany(g => g.Value.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => (g.Key, v.Key, v.Value)));

    /// <summary>What <c>forge test --json</c> reports.</summary>
    /// <exception cref="LocalException">Two tests recorded different figures under one name.</exception>
    public static GasValues FromForge(string json)
    {
        using var document = JsonDocument.Parse(json);
        var recorded = document.RootElement.EnumerateObject()
            .SelectMany(suite => suite.Value.GetProperty("test_results").EnumerateObject())
            .Where(test => test.Value.TryGetProperty("gas_snapshots", out _))
            .SelectMany(test => test.Value.GetProperty("gas_snapshots").EnumerateObject())
            .SelectMany(group => group.Value.EnumerateObject().Select(value => (Group: group.Name, value.Name, Value: Number(value.Value))))
            .Distinct().ToList();
        return recorded.GroupBy(r => (r.Group, r.Name)).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new LocalException($"The gas tests recorded '{twice.Key.Name}' in '{twice.Key.Group}' more than once, with different figures.", "Give each figure a name of its own.")
            : Of(recorded);
    }

    /// <summary>The committed figures: a file a group.</summary>
    public static GasValues Read(string folder)
    {
        var files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json") : [];
        return Of([.. files.SelectMany(file =>
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return document.RootElement.EnumerateObject().Select(v => (Path.GetFileNameWithoutExtension(file), v.Name, Number(v.Value))).ToList();
        })]);
    }

    /// <summary>Writes a file a group and removes the files of groups that are gone.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.EnumerateFiles(folder, "*.json").Where(f => !Groups.ContainsKey(Path.GetFileNameWithoutExtension(f))).ToList())
        {
            File.Delete(old);
        }

        foreach (var (group, values) in Groups)
        {
            var sorted = new SortedDictionary<string, long>(values.ToDictionary(), StringComparer.Ordinal);
            File.WriteAllText(Path.Combine(folder, group + ".json"), JsonSerializer.Serialize(sorted, Options) + "\n");
        }
    }

    private static GasValues Of(IReadOnlyList<(string Group, string Name, long Value)> values) => new(
        values.GroupBy(v => v.Group, StringComparer.Ordinal).ToDictionary(
            g => g.Key, IReadOnlyDictionary<string, long> (g) => g.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal), StringComparer.Ordinal));

    /// <summary>forge writes numbers as texts.</summary>
    private static long Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetInt64();
}
