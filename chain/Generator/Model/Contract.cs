namespace Dweb.Chain.Generator.Model;

internal sealed record Contract(
    string Name,
    IReadOnlyList<Parameter> Constructor,
    IReadOnlyList<Function> Functions,
    IReadOnlyList<Signed> Events,
    IReadOnlyList<Signed> Errors);

/// <summary>A function, and whether it only reads.</summary>
internal sealed record Function(Signed Signed, IReadOnlyList<Parameter> Outputs, bool IsView);

/// <summary>Something with a name and parameters: a function, an event, an error.</summary>
internal sealed record Signed(string Name, IReadOnlyList<Parameter> Parameters)
{
    public string Signature => $"{Name}{Types}";

    public string Types => Parameter.Canonical(Parameters);
}

/// <param name="Type">As the ABI writes it: <c>tuple[]</c> for an array of structs.</param>
/// <param name="StructName">Name of the Solidity struct, for tuples.</param>
internal sealed record Parameter(string Name, string Type, string? StructName, IReadOnlyList<Parameter> Components, bool Indexed)
{
    /// <summary><c>[]</c>, <c>[5]</c>, or several of them, outermost last.</summary>
    public string ArraySuffix => Type.IndexOf('[') is var at && at >= 0 ? Type.Substring(at) : "";

    public string BaseType => Type.Substring(0, Type.Length - ArraySuffix.Length);

    public string CanonicalType => (BaseType == "tuple" ? Canonical(Components) : BaseType) + ArraySuffix;

    /// <summary>The type of one element of the outermost array.</summary>
    public Parameter Element() => this with { Type = Type.Substring(0, Type.LastIndexOf('[')) };

    public static string Canonical(IEnumerable<Parameter> parameters) => $"({string.Join(",", parameters.Select(p => p.CanonicalType))})";
}
