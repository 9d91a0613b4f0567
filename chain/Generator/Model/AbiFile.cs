using Dweb.Chain.Generator.Json;

namespace Dweb.Chain.Generator.Model;

/// <summary>Reads <c>{ "contractName": "…", "abi": […] }</c>.</summary>
internal static class AbiFile
{
    public static Contract Read(string text)
    {
        var root = AsObject(JsonText.Parse(text), "the file");
        var items = AsList(Get(root, "abi"), "abi").Select(i => AsObject(i, "an item of abi")).ToList();
        return new Contract(
            AsString(Get(root, "contractName"), "contractName"),
            items.Where(i => Kind(i) == "constructor").Select(i => Parameters(i, "inputs")).SingleOrDefault() ?? [],
            [.. items.Where(i => Kind(i) == "function").Select(ReadFunction)],
            [.. items.Where(i => Kind(i) == "event" && Get(i, "anonymous") is not true).Select(ReadSigned)],
            [.. items.Where(i => Kind(i) == "error").Select(ReadSigned)]);
    }

    private static Function ReadFunction(Dictionary<string, object?> item) =>
        new(ReadSigned(item), Parameters(item, "outputs"), Get(item, "stateMutability") is "view" or "pure");

    private static Signed ReadSigned(Dictionary<string, object?> item) => new(AsString(Get(item, "name"), "name"), Parameters(item, "inputs"));

    private static List<Parameter> Parameters(Dictionary<string, object?> item, string field) =>
        [.. AsList(Get(item, field) ?? new List<object?>(), field).Select(p => ReadParameter(AsObject(p, "a parameter")))];

    private static Parameter ReadParameter(Dictionary<string, object?> item)
    {
        string type = AsString(Get(item, "type"), "type");
        return new Parameter(
            Get(item, "name") as string ?? "",
            type,
            type.StartsWith("tuple", System.StringComparison.Ordinal) ? StructName(item) : null,
            Parameters(item, "components"),
            Get(item, "indexed") is true);
    }

    /// <summary><c>struct ILeaseBook.Order[]</c> is called <c>Order</c>.</summary>
    private static string StructName(Dictionary<string, object?> item)
    {
        string declared = AsString(Get(item, "internalType"), "internalType of a tuple");
        string name = declared.Split('[')[0].Split(' ', '.').Last();
        return declared.StartsWith("struct ", System.StringComparison.Ordinal) && name.Length > 0
            ? name
            : throw new AbiFileException($"the tuple '{declared}' has no struct name");
    }

    private static string? Kind(Dictionary<string, object?> item) => Get(item, "type") as string;

    private static object? Get(Dictionary<string, object?> item, string name) => item.TryGetValue(name, out var value) ? value : null;

    private static Dictionary<string, object?> AsObject(object? value, string what) =>
        value as Dictionary<string, object?> ?? throw new AbiFileException($"{what} is not an object");

    private static List<object?> AsList(object? value, string what) => value as List<object?> ?? throw new AbiFileException($"'{what}' is not a list");

    private static string AsString(object? value, string what) => value as string ?? throw new AbiFileException($"'{what}' is not a string");
}
