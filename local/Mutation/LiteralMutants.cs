using System.Globalization;
using System.Numerics;

namespace Dweb.Local.Mutation;

/// <summary>Numbers that are off by one, and the other truth value.</summary>
internal static class LiteralMutants
{
    private const int AddressCharacters = 42;

    public static IEnumerable<Mutant> Of(SourceText text, SyntaxNode literal)
    {
        // The length in a type such as uint64[5] belongs to the type: a mutant of it would not compile.
        if (literal.Role == "length")
        {
            return [];
        }

        // A unit such as `days` follows the value and stays.
        var value = text.Slice(literal.Start, literal.End).Split(' ', '\n')[0];
        var replacement = literal.Text("kind") switch
        {
            "bool" => value == "true" ? "false" : "true",
            "number" => Other(value),
            _ => null,
        };
        return replacement is null ? [] : [text.Mutate(MutationOperator.Constant, literal.Start, literal.Start + value.Length, replacement)];
    }

    private static string? Other(string value)
    {
        if (value.StartsWith("0x", StringComparison.Ordinal))
        {
            return value.Length == AddressCharacters ? null : $"({value} + 1)";
        }

        return BigInteger.TryParse(value.Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number.IsOne ? BigInteger.Zero : number + 1).ToString(CultureInfo.InvariantCulture)
            : $"({value} + 1)";
    }
}
