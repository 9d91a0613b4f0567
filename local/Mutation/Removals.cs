namespace Dweb.Local.Mutation;

/// <summary>Statements and checks that are left out. An empty block takes their place: it is a statement wherever one may stand.</summary>
internal static class Removals
{
    private const string Nothing = "{}";

    /// <summary>Whether a call is a check that reverts when it does not hold.</summary>
    public static bool IsRequire(SyntaxNode call) => Callee(call) is "require" or "assert";

    public static IEnumerable<Mutant> Of(SourceText text, SyntaxNode node)
    {
        switch (node.Type)
        {
            // What a loop starts with and goes on with is an expression in brackets, no statement of its own.
            case "ExpressionStatement" when node.Role is "loopExpression" or "initializationExpression":
                return [];
            case "ExpressionStatement":
                var kind = node.Child("expression") is { Type: "FunctionCall" } call && Callee(call) is "require" or "assert" or "revert" ? MutationOperator.Require : MutationOperator.Statement;
                return [text.Mutate(kind, node.Start, text.ThroughSemicolon(node.End), Nothing)];
            case "EmitStatement":
                return [text.Mutate(MutationOperator.Statement, node.Start, text.ThroughSemicolon(node.End), Nothing)];
            // As the only statement of an `if` it goes with its condition.
            case "RevertStatement" when node.Role != "trueBody":
                return [text.Mutate(MutationOperator.Require, node.Start, text.ThroughSemicolon(node.End), Nothing)];
            case "ModifierInvocation" when node.Text("kind") == "modifierInvocation":
                return [text.Mutate(MutationOperator.Require, node.Start, node.End, "")];
            default:
                return [];
        }
    }

    /// <summary>An <c>if</c> whose only effect is to revert, left out whole.</summary>
    public static IEnumerable<Mutant> OfCheck(SourceText text, SyntaxNode branch)
    {
        if (branch.Child("falseBody") is not null || branch.Child("trueBody") is not { Type: "RevertStatement" } body)
        {
            return [];
        }

        return [text.Mutate(MutationOperator.Require, branch.Start, text.ThroughSemicolon(body.End), Nothing)];
    }

    private static string Callee(SyntaxNode call) => call.Child("expression") is { Type: "Identifier" } name ? name.Text("name") : "";
}
