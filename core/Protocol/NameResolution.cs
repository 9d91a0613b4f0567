using Dweb.Core.Protocol.Errors;

namespace Dweb.Core.Protocol;

/// <summary>What people may write for an id: the id, the name, or a prefix of the id that fits one thing only.</summary>
public static class NameResolution
{
    // Short enough to type, long enough not to be a name by accident.
    private const int MinPrefix = 4;

    /// <summary>The whole id or an exact name first, then a unique prefix of an id, with or without 0x, of at least four digits.</summary>
    /// <param name="kind">Names the kind of thing in errors, as "COE" or "order".</param>
    /// <exception cref="DwebException">not-found, or ambiguous-name with the candidates.</exception>
    public static T Resolve<T>(string text, string kind, IEnumerable<T> things, Func<T, Hash32> id, Func<T, string?> name)
    {
        var all = things.ToList();
        string wanted = text.Trim();
        var exact = all.Where(thing => IdMatches(id(thing), wanted, prefix: false)).ToList();
        var named = exact.Count > 0 ? exact : all.Where(thing => string.Equals(name(thing), wanted, StringComparison.Ordinal)).ToList();
        var found = named.Count > 0 ? named : all.Where(thing => IdMatches(id(thing), wanted, prefix: true)).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw new DwebException(Catalogue.NotFound, $"There is no {kind} '{wanted}'.", kind),
            _ => throw new DwebException(Catalogue.Ambiguous, $"'{wanted}' fits {found.Count} of kind {kind}: {Candidates(found, id)}.", kind),
        };
    }

    private static bool IdMatches(Hash32 id, string wanted, bool prefix)
    {
        string digits = wanted.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? wanted[2..] : wanted;
        string whole = id.ToString()[2..];
        return prefix
            ? digits.Length >= MinPrefix && whole.StartsWith(digits, StringComparison.OrdinalIgnoreCase)
            : whole.Equals(digits, StringComparison.OrdinalIgnoreCase);
    }

    private static string Candidates<T>(List<T> found, Func<T, Hash32> id)
    {
        const int Shown = 3;
        string list = string.Join(", ", found.Take(Shown).Select(thing => id(thing).ToString()[..14]));
        return found.Count > Shown ? list + ", …" : list;
    }
}
