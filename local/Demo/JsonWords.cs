using System.Text.Json;

namespace Dweb.Local.Demo;

/// <summary>Reads what the command line prints as JSON.</summary>
internal static class JsonWords
{
    /// <summary>Whether a member is this word, in whatever case.</summary>
    public static bool Is(this JsonElement json, string name, string value) => string.Equals(json.GetProperty(name).GetString(), value, StringComparison.OrdinalIgnoreCase);
}
