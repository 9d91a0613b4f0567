using Dweb.Chain.Generator.Model;

namespace Dweb.Chain.Generator.Emit;

/// <summary>The records: structs, events, errors, and functions with several outputs.</summary>
internal sealed class RecordEmitter(TypeMap types)
{
    private const string Abi = "global::Dweb.Chain.Abi.";

    public void Struct(SourceText source, Parameter p)
    {
        source.Line();
        source.Line($"/// <summary>The Solidity struct {p.StructName}.</summary>");
        Open(source, p.StructName!, p.Components, "");
        source.Line($"public static {Abi}TupleType AbiType {{ get; }} = {Abi}AbiType.ParseTuple(\"{Parameter.Canonical(p.Components)}\");");
        source.Line();
        var fields = p.Components.Select((c, i) => TypeMap.ToAbi(c, Name(c, i, p.StructName!)));
        source.Line($"public {Abi}AbiValue ToAbi() => {Abi}AbiValue.List([{string.Join(", ", fields)}]);");
        source.Line();
        source.Open($"public static {p.StructName} FromAbi({Abi}AbiValue value)");
        source.Line("var values = value.AsList();");
        source.Line($"return new({Decode(p.Components)});");
        source.Close();
        source.Close();
    }

    public void Result(SourceText source, string name, Function function)
    {
        source.Line();
        source.Line($"/// <summary>What {function.Signed.Signature} returns.</summary>");
        source.Line($"public sealed record {name}({Fields(name, function.Outputs)});");
    }

    public void Event(SourceText source, string name, Signed e)
    {
        var fields = e.Parameters.Select(TypeMap.InLog).ToList();
        source.Line();
        source.Line($"/// <summary>event {e.Signature}</summary>");
        Open(source, name, fields, "");
        var declared = e.Parameters.Select(p => $"new {Abi}EventParameter({Abi}AbiType.Parse(\"{p.CanonicalType}\"), {(p.Indexed ? "true" : "false")})");
        source.Line($"private static readonly {Abi}EventDecoder Decoder = new({string.Join(", ", new[] { $"\"{e.Name}\"" }.Concat(declared))});");
        source.Line();
        source.Line("/// <summary>The first topic of every log of this event.</summary>");
        source.Line("public static global::Dweb.Core.Protocol.Hash32 Topic => Decoder.Topic;");
        source.Line();
        source.Line("/// <summary>False when the log is of another event. Whether it is of the expected contract is the caller's to check.</summary>");
        source.Open(
            "public static bool TryDecode(global::Dweb.Chain.Rpc.ChainLog log, " +
            $"[global::System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out {name}? decoded)");
        source.Line("bool found = Decoder.TryDecode(log, out var values);");
        source.Line($"decoded = found ? new {name}({Decode(fields)}) : null;");
        source.Line("return found;");
        source.Close();
        source.Close();
    }

    public void Error(SourceText source, string name, Signed e)
    {
        source.Line();
        source.Line($"/// <summary>error {e.Signature}</summary>");
        Open(source, name, e.Parameters, $" : {Abi}ContractError(\"{e.Signature}\")");
        source.Line($"public static {Abi}Selector Selector {{ get; }} = {Abi}Selector.Of(\"{e.Signature}\");");
        source.Line();
        source.Line($"private static readonly {Abi}TupleType Types = {Abi}AbiType.ParseTuple(\"{e.Types}\");");
        source.Line();
        source.Line("/// <param name=\"arguments\">Revert data after the selector.</param>");
        source.Open($"public static {name} Decode(global::System.ReadOnlyMemory<byte> arguments)");
        source.Line($"var values = {Abi}AbiDecoder.Decode(Types, arguments);");
        source.Line($"return new({Decode(e.Parameters)});");
        source.Close();
        source.Close();
    }

    private void Open(SourceText source, string name, IReadOnlyList<Parameter> fields, string suffix)
    {
        source.Open($"public sealed record {name}({Fields(name, fields)}){suffix}");
    }

    private string Fields(string owner, IReadOnlyList<Parameter> fields) =>
        string.Join(", ", fields.Select((f, i) => $"{types.CSharp(f)} {Name(f, i, owner)}"));

    private string Decode(IReadOnlyList<Parameter> fields) => string.Join(", ", fields.Select((f, i) => types.FromAbi(f, $"values[{i}]")));

    private static string Name(Parameter p, int index, string owner) => CSharpName.Property(p.Name, index, owner);
}
