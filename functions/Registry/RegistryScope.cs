using System.Text.Json.Serialization;

namespace Dweb.Functions.Registry;

/// <summary>What a client wants to do with a repository, as the registry's token protocol writes it: <c>repository:NAME:pull,push</c>.</summary>
internal sealed record RegistryScope(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("actions")] IReadOnlyList<string> Actions)
{
    public const string Repository = "repository";
    public const string Pull = "pull";
    public const string Push = "push";

    /// <summary>Reads a list separated by spaces; what is not understood is left out, as the protocol wants, and so not granted.</summary>
    public static IReadOnlyList<RegistryScope> ParseAll(IEnumerable<string?> scopes) =>
        [.. scopes.SelectMany(static s => (s ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(Parse).OfType<RegistryScope>()];

    private static RegistryScope? Parse(string text)
    {
        // A repository's name may hold a colon (host:port/name), so type and actions are cut off at the ends.
        int first = text.IndexOf(':', StringComparison.Ordinal);
        int last = text.LastIndexOf(':');
        return first > 0 && last > first + 1
            ? new RegistryScope(text[..first], text[(first + 1)..last], text[(last + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries))
            : null;
    }
}
