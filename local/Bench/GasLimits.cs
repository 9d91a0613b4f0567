using System.Text.Json;

namespace Dweb.Local.Bench;

/// <summary>The most that an operation may cost.</summary>
/// <param name="Most">In the unit of the figure: gas, or bytes of calldata.</param>
/// <param name="Floor">Why it costs more than that, where it does: what sets the floor. Null where it has to be kept.</param>
internal sealed record GasLimit(long Most, string? Floor);

/// <summary>The limits by the names of the figures: <c>contracts/test/gas/limits.json</c>. A limit is a number, or <c>{"limit": number, "floor": reason}</c>.</summary>
internal sealed record GasLimits(IReadOnlyDictionary<string, GasLimit> ByName)
{
    /// <exception cref="LocalException">The file is missing or is no such table.</exception>
    public static GasLimits Read(string contracts)
    {
        var file = Path.Combine(contracts, "test", "gas", "limits.json");
        return Parse(file, File.Exists(file) ? File.ReadAllText(file) : "");
    }

    public static GasLimits Parse(string file, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new GasLimits(document.RootElement.EnumerateObject().ToDictionary(l => l.Name, l => Limit(l.Value), StringComparer.Ordinal));
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new LocalException($"{file} is no table of limits: {wrong.Message}", """Each line is "name": number, or "name": {"limit": number, "floor": "reason"}.""", wrong);
        }
    }

    private static GasLimit Limit(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return new GasLimit(value.GetInt64(), Floor: null);
        }

        var floor = value.GetProperty("floor").GetString();
        return string.IsNullOrWhiteSpace(floor) ? throw new FormatException("a floor needs its reason") : new GasLimit(value.GetProperty("limit").GetInt64(), floor);
    }
}
