using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Dweb.Chain.Abi;

/// <summary>Contract ABI encoding (<c>abi.encode</c>): a head of fixed size, dynamic values behind offsets in the tail.</summary>
public static class AbiEncoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Encodes the values as the parameters of a function or the fields of a tuple.</summary>
    /// <exception cref="AbiException">Wrong number of values, a value of another kind than its type, or out of the type's range.</exception>
    public static byte[] Encode(TupleType types, params IReadOnlyList<AbiValue> values) => EncodeSequence(types.Components, values, types);

    private static byte[] EncodeSequence(IReadOnlyList<AbiType> types, IReadOnlyList<AbiValue> values, AbiType owner)
    {
        if (types.Count != values.Count)
        {
            throw new AbiException($"{owner} takes {types.Count} values, not {values.Count}.");
        }

        int headSize = types.Sum(t => t.HeadSize);
        var head = new MemoryStream();
        var tail = new MemoryStream();
        for (int i = 0; i < types.Count; i++)
        {
            byte[] encoded = EncodeOne(types[i], values[i]);
            if (types[i].IsDynamic)
            {
                head.Write(Word(headSize + tail.Length));
                tail.Write(encoded);
            }
            else
            {
                head.Write(encoded);
            }
        }

        tail.WriteTo(head);
        return head.ToArray();
    }

    private static byte[] EncodeOne(AbiType type, AbiValue value) => (type, value) switch
    {
        (IntegerType t, AbiNumber v) => EncodeInteger(t, v.Value),
        (AddressType, AbiAddress v) => [.. new byte[12], .. v.Value.ToArray()],
        (BooleanType, AbiBoolean v) => Word(v.Value ? 1 : 0),
        (FixedBytesType t, AbiBytes v) when v.Value.Length == t.Length => PadRight(v.Value),
        (BytesType, AbiBytes v) => [.. Word(v.Value.Length), .. PadRight(v.Value)],
        (StringType, AbiText v) => EncodeText(v.Value),
        (ArrayType { Length: null } t, AbiList v) => [.. Word(v.Items.Count), .. EncodeItems(t, v.Items)],
        (ArrayType t, AbiList v) when v.Items.Count == t.Length => EncodeItems(t, v.Items),
        (TupleType t, AbiList v) => EncodeSequence(t.Components, v.Items, t),
        _ => throw new AbiException($"{Describe(value)} is not a value of {type}."),
    };

    private static byte[] EncodeItems(ArrayType type, IReadOnlyList<AbiValue> items) =>
        EncodeSequence([.. Enumerable.Repeat(type.Element, items.Count)], items, type);

    private static byte[] EncodeInteger(IntegerType type, BigInteger value)
    {
        var (min, max) = type.Signed
            ? (-(BigInteger.One << (type.Bits - 1)), (BigInteger.One << (type.Bits - 1)) - 1)
            : (BigInteger.Zero, (BigInteger.One << type.Bits) - 1);
        if (value < min || value > max)
        {
            throw new AbiException($"{value} does not fit {type}.");
        }

        var word = new byte[32];
        word.AsSpan().Fill(value.Sign < 0 ? (byte)0xff : (byte)0);
        byte[] bytes = value.ToByteArray(isUnsigned: value.Sign >= 0, isBigEndian: true);
        bytes.CopyTo(word, 32 - bytes.Length);
        return word;
    }

    private static byte[] EncodeText(string text)
    {
        try
        {
            byte[] bytes = StrictUtf8.GetBytes(text);
            return [.. Word(bytes.Length), .. PadRight(bytes)];
        }
        catch (EncoderFallbackException)
        {
            throw new AbiException("A string holds half of a surrogate pair and has no UTF-8 form.");
        }
    }

    private static byte[] PadRight(byte[] bytes)
    {
        var padded = new byte[(bytes.Length + 31) / 32 * 32];
        bytes.CopyTo(padded, 0);
        return padded;
    }

    private static byte[] Word(long value)
    {
        var word = new byte[32];
        BinaryPrimitives.WriteInt64BigEndian(word.AsSpan(24), value);
        return word;
    }

    private static string Describe(AbiValue value) => value switch
    {
        AbiBytes b => $"A byte string of length {b.Value.Length}",
        AbiList l => $"A list of {l.Items.Count}",
        _ => value.ToString(),
    };
}
