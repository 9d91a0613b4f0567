using System.Text.Json;

namespace Dweb.Local.Mutation;

/// <summary>Every mutant of a source file, by its syntax tree. Texts, type strings, assembly and comments stay as they are.</summary>
internal static class MutantGenerator
{
    private static readonly Dictionary<string, (MutationOperator Kind, string Other)> Operators = new(StringComparer.Ordinal)
    {
        ["<"] = (MutationOperator.Comparison, "<="),
        ["<="] = (MutationOperator.Comparison, "<"),
        [">"] = (MutationOperator.Comparison, ">="),
        [">="] = (MutationOperator.Comparison, ">"),
        ["=="] = (MutationOperator.Comparison, "!="),
        ["!="] = (MutationOperator.Comparison, "=="),
        ["+"] = (MutationOperator.Arithmetic, "-"),
        ["-"] = (MutationOperator.Arithmetic, "+"),
        ["*"] = (MutationOperator.Arithmetic, "/"),
        ["/"] = (MutationOperator.Arithmetic, "*"),
        ["%"] = (MutationOperator.Arithmetic, "/"),
        ["<<"] = (MutationOperator.Arithmetic, ">>"),
        [">>"] = (MutationOperator.Arithmetic, "<<"),
        ["&"] = (MutationOperator.Arithmetic, "|"),
        ["|"] = (MutationOperator.Arithmetic, "&"),
        ["+="] = (MutationOperator.Arithmetic, "-="),
        ["-="] = (MutationOperator.Arithmetic, "+="),
        ["*="] = (MutationOperator.Arithmetic, "/="),
        ["/="] = (MutationOperator.Arithmetic, "*="),
        ["<<="] = (MutationOperator.Arithmetic, ">>="),
        [">>="] = (MutationOperator.Arithmetic, "<<="),
        ["&="] = (MutationOperator.Arithmetic, "|="),
        ["|="] = (MutationOperator.Arithmetic, "&="),
        ["&&"] = (MutationOperator.Boolean, "||"),
        ["||"] = (MutationOperator.Boolean, "&&"),
    };

    /// <param name="file">Path in the contracts' folder.</param>
    /// <param name="source">The file's bytes.</param>
    /// <param name="tree">The compiler's syntax tree of exactly these bytes.</param>
    public static IReadOnlyList<Mutant> Of(string file, byte[] source, JsonElement tree)
    {
        var text = new SourceText(file, source);
        return [.. Walk(text, new SyntaxNode(tree, "")).DistinctBy(m => (m.Start, m.Length, m.Replacement)).OrderBy(m => m.Start).ThenBy(m => m.Length)];
    }

    private static IEnumerable<Mutant> Walk(SourceText text, SyntaxNode node) =>
        OfNode(text, node).Concat(node.Children().SelectMany(child => Walk(text, child)));

    private static IEnumerable<Mutant> OfNode(SourceText text, SyntaxNode node) => node.Type switch
    {
        "BinaryOperation" => Between(text, node, "leftExpression", "rightExpression"),
        "Assignment" => Between(text, node, "leftHandSide", "rightHandSide"),
        "Literal" => LiteralMutants.Of(text, node),
        "Conditional" => Negated(text, node.Child("condition")),
        "IfStatement" => [.. Negated(text, node.Child("condition")), .. Removals.OfCheck(text, node)],
        "FunctionCall" when Removals.IsRequire(node) => Negated(text, node.Children().FirstOrDefault(c => c.Role == "arguments")),
        "ExpressionStatement" or "EmitStatement" or "RevertStatement" or "ModifierInvocation" => Removals.Of(text, node),
        _ => [],
    };

    private static IEnumerable<Mutant> Between(SourceText text, SyntaxNode node, string left, string right)
    {
        var word = node.Text("operator");
        if (!Operators.TryGetValue(word, out var change) || node.Child(left) is not { } before || node.Child(right) is not { } after)
        {
            return [];
        }

        return text.FindToken(word, before.End, after.Start) is { } at ? [text.Mutate(change.Kind, at, at + word.Length, change.Other)] : [];
    }

    private static IEnumerable<Mutant> Negated(SourceText text, SyntaxNode? condition) =>
        condition is { } node ? [text.Mutate(MutationOperator.Boolean, node.Start, node.End, $"!({text.Slice(node.Start, node.End)})")] : [];
}
