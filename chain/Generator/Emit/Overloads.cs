using Dweb.Chain.Generator.Model;

namespace Dweb.Chain.Generator.Emit;

internal static class Overloads
{
    /// <summary>
    /// A C# name for each: one record a signature, and where several share a name, all but the first bear their types too.
    /// </summary>
    public static IEnumerable<(string Name, Signed Item)> Name(IEnumerable<Signed> items)
    {
        var used = new HashSet<string>();
        foreach (var item in items.GroupBy(i => i.Signature).Select(g => g.First()))
        {
            string name = CSharpName.Pascal(item.Name);
            if (!used.Add(name))
            {
                name += item.Parameters.Count == 0 ? "Plain" : string.Concat(item.Parameters.Select(p => CSharpName.Pascal(Letters(p.CanonicalType))));
                used.Add(name);
            }

            yield return (name, item);
        }
    }

    private static string Letters(string type) => string.Concat(type.Select(c => char.IsLetterOrDigit(c) ? c : '_'));
}
