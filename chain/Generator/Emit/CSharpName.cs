using Microsoft.CodeAnalysis.CSharp;

namespace Dweb.Chain.Generator.Emit;

/// <summary>C# names for Solidity names.</summary>
internal static class CSharpName
{
    // Members that a record has, or that a generated type declares, beside its values.
    private static readonly HashSet<string> Reserved = new(
        ["Equals", "GetHashCode", "ToString", "GetType", "MemberwiseClone", "Finalize", "Deconstruct", "PrintMembers", "EqualityContract",
            "AbiType", "ToAbi", "FromAbi", "Topic", "TryDecode", "Selector", "Address", "ErrorName", "ErrorSignature"]);

    /// <summary><c>MIN_START_WITHIN</c> is <c>MinStartWithin</c>, <c>freeOf</c> is <c>FreeOf</c>, <c>now_</c> is <c>Now</c>.</summary>
    public static string Pascal(string name)
    {
        bool shouted = name.All(c => !char.IsLower(c)) && name.Any(char.IsLetter) && name.Length > 1;
        var words = name.Split('_').Where(w => w.Length > 0)
            .Select(w => char.ToUpperInvariant(w[0]) + (shouted ? w.Substring(1).ToLowerInvariant() : w.Substring(1)));
        return string.Concat(words);
    }

    public static string Parameter(string name, int index)
    {
        string pascal = Pascal(name);
        if (pascal.Length == 0)
        {
            return "arg" + index;
        }

        string camel = char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
        bool taken = camel is "at" or "cancellationToken" or "bytecode" || SyntaxFacts.GetKeywordKind(camel) != SyntaxKind.None;
        return taken ? camel + "_" : camel;
    }

    /// <summary>A property of a record named <paramref name="owner"/>; C# does not let a member bear its type's name.</summary>
    public static string Property(string name, int index, string owner)
    {
        string pascal = Pascal(name);
        pascal = pascal.Length == 0 ? "Item" + index : pascal;
        return pascal == owner || (Reserved.Contains(pascal) && pascal != "Address") ? pascal + "Value" : pascal;
    }
}
