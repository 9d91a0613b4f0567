using System.Text.Json;

namespace Dweb.Core.Tests.Golden;

/// <summary>What another implementation signed and hashed; regenerate.mjs beside it writes the file.</summary>
internal static class Vectors
{
    public static JsonElement Root { get; } = Load();

    private static JsonElement Load()
    {
        using var stream = typeof(Vectors).Assembly.GetManifestResourceStream("vectors.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
