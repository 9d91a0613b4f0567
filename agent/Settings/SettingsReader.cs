using System.Text.Json;

namespace Dweb.Agent.Settings;

internal delegate bool TryRead<T>(string text, out T value);

/// <summary>Takes settings out of a JSON object; a wrong one is noted and reading goes on, so that all are told together.</summary>
/// <param name="baseFolder">Relative paths start here.</param>
internal sealed class SettingsReader(JsonElement root, string baseFolder)
{
    private readonly List<string> problems = [];

    public IReadOnlyList<string> Problems => problems;

    public T? Text<T>(string name, string expected, TryRead<T> read)
    {
        if (Find(name, expected) is not { } element)
        {
            return default;
        }

        if (element.ValueKind == JsonValueKind.String && read(element.GetString()!, out var value))
        {
            return value;
        }

        Refuse(name, element, expected);
        return default;
    }

    /// <summary>Null when it is not given.</summary>
    public T? OptionalText<T>(string name, string expected, TryRead<T> read) => IsGiven(name) ? Text(name, expected, read) : default;

    /// <summary>At least one.</summary>
    public IReadOnlyList<T> List<T>(string name, string expected, TryRead<T> read)
    {
        if (Find(name, expected) is not { } element)
        {
            return [];
        }

        var values = Items(name, element, expected, read);
        if (values is { Count: 0 })
        {
            Refuse(name, element, expected);
        }

        return values ?? [];
    }

    /// <summary>Given by itself, or under another name as a list of at least one, each once.</summary>
    public IReadOnlyList<T> OneOrSeveral<T>(string one, string several, string expected, TryRead<T> read)
        where T : class
    {
        if (!IsGiven(several))
        {
            return Text(one, expected, read) is { } value ? [value] : [];
        }

        if (IsGiven(one))
        {
            problems.Add($"{several}: is given beside {one}; expected one of the two.");
            return [];
        }

        string list = $"a list of at least one, each once: {expected}";
        var values = List(several, list, read);
        if (values.Distinct().Count() < values.Count)
        {
            Refuse(several, root.GetProperty(several), list);
        }

        return values;
    }

    /// <summary>Empty when it is not given.</summary>
    public IReadOnlyList<T> OptionalList<T>(string name, string expected, TryRead<T> read) =>
        IsGiven(name) ? Items(name, root.GetProperty(name), expected, read) ?? [] : [];

    /// <returns>Null once something was refused.</returns>
    private List<T>? Items<T>(string name, JsonElement element, string expected, TryRead<T> read)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            Refuse(name, element, expected);
            return null;
        }

        var values = new List<T>();
        foreach (var item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !read(item.GetString()!, out var value))
            {
                Refuse(name, item, expected);
                return null;
            }

            values.Add(value);
        }

        return values;
    }

    public long Number(string name, long least, long most, long? fallback)
    {
        string expected = $"a whole number from {least} to {most}";
        if (fallback is { } value && !IsGiven(name))
        {
            return value;
        }

        return Find(name, expected) is { } element ? Checked(name, element, least, most, expected) : 0;
    }

    public long? OptionalNumber(string name, long least, long most) =>
        IsGiven(name) ? Checked(name, root.GetProperty(name), least, most, $"null or a whole number from {least} to {most}") : null;

    public string ExistingFile(string name)
    {
        string path = FolderPath(name);
        if (path.Length > 0 && !File.Exists(path))
        {
            problems.Add($"{name}: '{path}' does not exist; expected the path of a file.");
        }

        return path;
    }

    /// <summary>A path, absolute or relative to the configuration file; it need not exist.</summary>
    public string FolderPath(string name)
    {
        string? path = Text<string>(name, "a path", static (string text, out string value) => (value = text).Trim().Length > 0);
        return path is null ? "" : Path.GetFullPath(path, baseFolder);
    }

    public void Unknown(string name, IEnumerable<string> known) => problems.Add($"{name}: is no setting of this program; known are {string.Join(", ", known)}.");

    public void Refuse(string name, JsonElement found, string expected)
    {
        string raw = found.GetRawText();
        problems.Add($"{name}: {(raw.Length > 100 ? raw[..100] + "…" : raw)} is not right; expected {expected}.");
    }

    private long Checked(string name, JsonElement element, long least, long most, string expected)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value) && value >= least && value <= most)
        {
            return value;
        }

        Refuse(name, element, expected);
        return least;
    }

    private bool IsGiven(string name) => root.TryGetProperty(name, out var element) && element.ValueKind != JsonValueKind.Null;

    private JsonElement? Find(string name, string expected)
    {
        if (IsGiven(name))
        {
            return root.GetProperty(name);
        }

        problems.Add($"{name}: is missing; expected {expected}.");
        return null;
    }
}
