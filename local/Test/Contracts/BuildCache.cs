using System.Text.Json;

namespace Dweb.Local.Test.Contracts;

/// <summary>What forge remembers about its last build: which artifacts came from which source.</summary>
internal static class BuildCache
{
    /// <param name="contracts">The contracts' folder, or a copy of it.</param>
    /// <returns>For each source, by its path in the folder, the files of its artifacts.</returns>
    /// <exception cref="LocalException">Nothing was built.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Artifacts(string contracts)
    {
        var file = Path.Combine(contracts, "cache", "solidity-files-cache.json");
        if (!File.Exists(file))
        {
            throw new LocalException($"The contracts are not built: {file} is missing.", "Start 'dweb contracts build'.");
        }

        using var cache = JsonDocument.Parse(File.ReadAllText(file));
        return cache.RootElement.GetProperty("files").EnumerateObject().ToDictionary(
            source => source.Name,
            IReadOnlyList<string> (source) =>
            [
                // By contract, compiler version and profile.
                .. source.Value.GetProperty("artifacts").EnumerateObject()
                    .SelectMany(contract => contract.Value.EnumerateObject())
                    .SelectMany(version => version.Value.EnumerateObject())
                    .Select(profile => Path.Combine(contracts, "out", profile.Value.GetProperty("path").GetString()!)),
            ],
            StringComparer.Ordinal);
    }
}
