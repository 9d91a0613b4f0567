using System.Text.RegularExpressions;

namespace Dweb.Core.Manifest.Compose;

/// <summary><c>environment</c>, as a map or as a list of NAME=value.</summary>
internal static partial class EnvironmentReader
{
    // Agents set these, so that a container knows which replica it is.
    private const string Reserved = "DWEB_";

    public static SortedDictionary<string, string> Read(ComposeNode? node)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (node is null)
        {
            return variables;
        }

        foreach (var (place, name, value) in node.IsList ? node.AsList().Select(FromItem) : node.AsMap().Entries.Select(FromEntry))
        {
            if (!NameGrammar().IsMatch(name))
            {
                throw place.Malformed($"has a variable named '{name}'; letters, digits and underscores are allowed, and no digit first");
            }

            if (name.StartsWith(Reserved, StringComparison.Ordinal))
            {
                throw place.Malformed($"sets '{name}'; names that begin with {Reserved} are the agent's");
            }

            if (!variables.TryAdd(name, value))
            {
                throw place.Malformed($"sets '{name}' twice");
            }
        }

        return variables;
    }

    private static (ComposeNode Place, string Name, string Value) FromItem(ComposeNode item)
    {
        string text = item.AsText();
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? throw NoValue(item, text) : (item, text[..equals], text[(equals + 1)..]);
    }

    private static (ComposeNode Place, string Name, string Value) FromEntry((ComposeNode Key, ComposeNode Value) entry)
    {
        string name = ComposeMap.NameOf(entry.Key);
        return entry.Value.IsNull ? throw NoValue(entry.Key, name) : (entry.Value, name, entry.Value.AsText());
    }

    private static Protocol.Errors.DwebException NoValue(ComposeNode place, string name) =>
        place.Unsupported($"gives '{name}' no value; values come from the file alone, not from the deploying machine");

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,254}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex NameGrammar();
}
