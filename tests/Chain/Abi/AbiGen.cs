using System.Numerics;
using CsCheck;
using Dweb.Chain.Abi;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Tests.Abi;

/// <summary>Random types, and random values of them.</summary>
internal static class AbiGen
{
    private static readonly Gen<AbiType> Elementary = Gen.OneOf(
        Gen.Int[1, 32].Select(n => (AbiType)new IntegerType(8 * n, Signed: false)),
        Gen.Int[1, 32].Select(n => (AbiType)new IntegerType(8 * n, Signed: true)),
        Gen.Int[1, 32].Select(n => (AbiType)new FixedBytesType(n)),
        Gen.Int[0, 3].Select(i => (AbiType)(i switch { 0 => new AddressType(), 1 => new BooleanType(), 2 => new BytesType(), _ => new StringType() })));

    public static Gen<AbiType> Type { get; } = Gen.Recursive<AbiType>((depth, inner) => depth > 3
        ? Elementary
        : Gen.Frequency(
            (4, Elementary),
            (1, inner.Select(e => (AbiType)new ArrayType(e, null))),
            (1, Gen.Select(inner, Gen.Int[1, 3]).Select((e, n) => (AbiType)new ArrayType(e, n))),
            (1, inner.Array[1, 4].Select(c => (AbiType)new TupleType(c)))));

    public static Gen<(TupleType Types, AbiValue[] Values)> Case { get; } =
        Type.Array[0, 4].SelectMany(types => Values(types).Select(values => (new TupleType(types), values)));

    private static Gen<AbiValue> Value(AbiType type) => type switch
    {
        IntegerType t => Gen.Byte.Array[t.Bits / 8].Select(b => (AbiValue)new BigInteger(b, isUnsigned: !t.Signed)),
        FixedBytesType t => Gen.Byte.Array[t.Length].Select(b => (AbiValue)b),
        AddressType => Gen.Byte.Array[20].Select(b => (AbiValue)new EvmAddress(b)),
        BooleanType => Gen.Bool.Select(b => (AbiValue)b),
        BytesType => Gen.Byte.Array[0, 70].Select(b => (AbiValue)b),
        StringType => Gen.String[Gen.Char['a', 'ÿ'], 0, 40].Select(s => (AbiValue)s),
        ArrayType { Length: { } n } t => Value(t.Element).Array[n].Select(v => AbiValue.List(v)),
        ArrayType t => Value(t.Element).Array[0, 4].Select(v => AbiValue.List(v)),
        TupleType t => Values(t.Components).Select(v => AbiValue.List(v)),
        _ => throw new InvalidOperationException(type.ToString()),
    };

    private static Gen<AbiValue[]> Values(IReadOnlyList<AbiType> types) => types.Aggregate(
        Gen.Const(Array.Empty<AbiValue>()),
        (done, type) => Gen.Select(done, Value(type)).Select((values, value) => (AbiValue[])[.. values, value]));
}
