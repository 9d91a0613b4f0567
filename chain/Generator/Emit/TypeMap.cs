using System.Globalization;
using Dweb.Chain.Generator.Model;

namespace Dweb.Chain.Generator.Emit;

/// <summary>Solidity types in C#: the type, and the expressions that turn a value into an AbiValue and back.</summary>
internal sealed class TypeMap(string structNamespace)
{
    private const string Values = "global::Dweb.Chain.Abi.";
    private const string Core = "global::Dweb.Core.Protocol.";

    public string CSharp(Parameter p) => p.ArraySuffix.Length > 0
        ? $"global::System.Collections.Generic.IReadOnlyList<{CSharp(p.Element())}>"
        : p.BaseType switch
        {
            "tuple" => $"global::{structNamespace}.{p.StructName}",
            "address" => Core + "EvmAddress",
            "bool" => "bool",
            "string" => "string",
            "bytes32" => Core + "Hash32",
            _ when p.BaseType.StartsWith("bytes", System.StringComparison.Ordinal) => "byte[]",
            _ when TryInteger(p.BaseType, out int bits, out bool signed) => Integer(bits, signed),
            _ => throw new AbiFileException($"the type '{p.Type}' is not known"),
        };

    public static string ToAbi(Parameter p, string value) => p.ArraySuffix.Length > 0
        ? $"{Values}AbiValue.List([.. global::System.Linq.Enumerable.Select({value}, static {Item(p)} => {ToAbi(p.Element(), Item(p))})])"
        : p.BaseType switch
        {
            "tuple" => $"{value}.ToAbi()",
            "address" => $"new {Values}AbiAddress({value})",
            "bool" => $"new {Values}AbiBoolean({value})",
            "string" => $"new {Values}AbiText({value})",
            "bytes32" => $"new {Values}AbiBytes({value}.ToArray())",
            _ when p.BaseType.StartsWith("bytes", System.StringComparison.Ordinal) => $"new {Values}AbiBytes({value})",
            _ => $"new {Values}AbiNumber({value})",
        };

    public string FromAbi(Parameter p, string value) => p.ArraySuffix.Length > 0
        ? $"({CSharp(p)})[.. global::System.Linq.Enumerable.Select({value}.AsList(), static {Item(p)} => {FromAbi(p.Element(), Item(p))})]"
        : p.BaseType switch
        {
            "tuple" => $"global::{structNamespace}.{p.StructName}.FromAbi({value})",
            "address" => $"{value}.AsAddress()",
            "bool" => $"{value}.AsBoolean()",
            "string" => $"{value}.AsText()",
            "bytes32" => $"{value}.AsHash()",
            _ when p.BaseType.StartsWith("bytes", System.StringComparison.Ordinal) => $"{value}.AsBytes()",
            _ => $"({CSharp(p)}){value}.AsNumber()",
        };

    /// <summary>An indexed value of a reference type exists in a log only as its hash.</summary>
    public static Parameter InLog(Parameter p) =>
        p.Indexed && (p.ArraySuffix.Length > 0 || p.BaseType is "tuple" or "string" or "bytes") ? p with { Type = "bytes32" } : p;

    private static string Item(Parameter p) => "item" + p.ArraySuffix.Length.ToString(CultureInfo.InvariantCulture);

    private static bool TryInteger(string type, out int bits, out bool signed)
    {
        signed = type.StartsWith("int", System.StringComparison.Ordinal);
        bits = 0;
        return (signed || type.StartsWith("uint", System.StringComparison.Ordinal))
            && int.TryParse(type.Substring(signed ? 3 : 4), NumberStyles.None, CultureInfo.InvariantCulture, out bits);
    }

    private static string Integer(int bits, bool signed) => (bits, signed) switch
    {
        ( <= 8, false) => "byte",
        ( <= 8, true) => "sbyte",
        ( <= 16, false) => "ushort",
        ( <= 16, true) => "short",
        ( <= 32, false) => "uint",
        ( <= 32, true) => "int",
        ( <= 64, false) => "ulong",
        ( <= 64, true) => "long",
        _ => "global::System.Numerics.BigInteger",
    };
}
