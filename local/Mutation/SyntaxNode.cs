using System.Globalization;
using System.Text.Json;

namespace Dweb.Local.Mutation;

/// <summary>A node of the compiler's syntax tree, with the place in its parent.</summary>
/// <param name="Json">As the compiler wrote it.</param>
/// <param name="Role">The member of the parent that holds it, e.g. <c>condition</c>.</param>
internal readonly record struct SyntaxNode(JsonElement Json, string Role)
{
    public string Type => Text("nodeType");

    public int Start => Range.Start;

    /// <summary>The byte after the node's last.</summary>
    public int End => Range.Start + Range.Length;

    private (int Start, int Length) Range
    {
        get
        {
            var parts = Text("src").Split(':');
            return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A member that is a word; empty when it is missing.</summary>
    public string Text(string member) => Json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>A member that is a node; null when it is missing.</summary>
    public SyntaxNode? Child(string member) =>
        Json.TryGetProperty(member, out var value) && IsNode(value) ? new SyntaxNode(value, member) : null;

    /// <summary>The nodes in this one, in the order of the tree.</summary>
    public IEnumerable<SyntaxNode> Children() =>
        Json.EnumerateObject().SelectMany(member => member.Value.ValueKind switch
        {
            JsonValueKind.Array => member.Value.EnumerateArray().Where(IsNode).Select(node => new SyntaxNode(node, member.Name)),
            _ => IsNode(member.Value) ? [new SyntaxNode(member.Value, member.Name)] : [],
        });

    private static bool IsNode(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("nodeType", out _);
}
