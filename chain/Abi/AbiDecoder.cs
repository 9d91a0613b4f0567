using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Dweb.Chain.Abi;

/// <summary>
/// Decodes contract ABI data that anyone may have made. Every offset and length is checked against the data, padding must be
/// clean, and the words read may not exceed the words given: offsets that point at shared data cannot blow up memory.
/// </summary>
public sealed class AbiDecoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> data;
    private long wordsLeft;

    private AbiDecoder(ReadOnlyMemory<byte> data)
    {
        this.data = data;
        wordsLeft = (data.Length + 31L) / 32;
    }

    /// <summary>Decodes the parameters of a function, the outputs of a call or the fields of a tuple.</summary>
    /// <exception cref="AbiException">The data is cut short, points outside itself, or holds a value outside its type.</exception>
    public static IReadOnlyList<AbiValue> Decode(TupleType types, ReadOnlyMemory<byte> data) =>
        new AbiDecoder(data).ReadSequence(types.Components, 0);

    private AbiValue[] ReadSequence(IReadOnlyList<AbiType> types, int start)
    {
        var values = new AbiValue[types.Count];
        int head = start;
        for (int i = 0; i < values.Length; i++)
        {
            var type = types[i];
            values[i] = ReadOne(type, type.IsDynamic ? Follow(start, head) : head);
            head += type.HeadSize;
        }

        return values;
    }

    private AbiValue ReadOne(AbiType type, int at) => type switch
    {
        IntegerType t => ReadInteger(t, at),
        AddressType => ReadAddress(at),
        BooleanType => ReadBoolean(at),
        FixedBytesType t => ReadFixedBytes(t, at),
        BytesType => new AbiBytes(ReadBytes(at)),
        StringType => ReadText(at),
        ArrayType { Length: { } length } t => new AbiList(ReadItems(t, length, at)),
        ArrayType t => ReadDynamicArray(t, at),
        TupleType t => new AbiList(ReadSequence(t.Components, at)),
        _ => throw new AbiException($"No decoder for {type}."),
    };

    private AbiNumber ReadInteger(IntegerType type, int at)
    {
        var value = new BigInteger(Word(at), isUnsigned: !type.Signed, isBigEndian: true);
        bool fits = type.Signed
            ? value >= -(BigInteger.One << (type.Bits - 1)) && value < BigInteger.One << (type.Bits - 1)
            : value < BigInteger.One << type.Bits;
        return fits ? new AbiNumber(value) : throw Malformed(at, $"{value} does not fit {type}");
    }

    private AbiAddress ReadAddress(int at)
    {
        var word = Word(at);
        return IsZero(word[..12]) ? new AbiAddress(new(word[12..])) : throw Malformed(at, "an address with more than 20 bytes");
    }

    private AbiBoolean ReadBoolean(int at)
    {
        var word = Word(at);
        return IsZero(word[..31]) && word[31] <= 1 ? new AbiBoolean(word[31] == 1) : throw Malformed(at, "a boolean that is neither 0 nor 1");
    }

    private AbiBytes ReadFixedBytes(FixedBytesType type, int at)
    {
        var word = Word(at);
        return IsZero(word[type.Length..]) ? new AbiBytes(word[..type.Length].ToArray()) : throw Malformed(at, $"{type} with bytes in its padding");
    }

    private byte[] ReadBytes(int at)
    {
        int length = Length(at);
        int start = at + 32;
        int padded = (int)Math.Min((length + 31L) / 32 * 32, int.MaxValue);
        if (padded > data.Length - start)
        {
            throw Malformed(at, $"a length of {length} bytes where {data.Length - start} are left");
        }

        Spend(padded / 32, at);
        var bytes = data.Span.Slice(start, length);
        return IsZero(data.Span[(start + length)..(start + padded)]) ? bytes.ToArray() : throw Malformed(at, "bytes with a dirty padding");
    }

    private AbiText ReadText(int at)
    {
        try
        {
            return new AbiText(StrictUtf8.GetString(ReadBytes(at)));
        }
        catch (DecoderFallbackException)
        {
            throw Malformed(at, "a string that is not UTF-8");
        }
    }

    private AbiList ReadDynamicArray(ArrayType type, int at)
    {
        int count = Length(at);
        int start = at + 32;
        return (long)count * type.Element.HeadSize <= data.Length - start
            ? new AbiList(ReadItems(type, count, start))
            : throw Malformed(at, $"an array of {count} {type.Element} where {data.Length - start} bytes are left");
    }

    private AbiValue[] ReadItems(ArrayType type, int count, int start)
    {
        if (type.Element.HeadSize == 0)
        {
            throw new AbiException($"{type} has elements without a size.");
        }

        // Before the list of types is made: a fixed length comes from the type, not from the data.
        if ((long)count * type.Element.HeadSize > data.Length - start)
        {
            throw Malformed(start, $"an array of {count} {type.Element} where {data.Length - start} bytes are left");
        }

        return ReadSequence([.. Enumerable.Repeat(type.Element, count)], start);
    }

    private int Follow(int start, int at)
    {
        int offset = Length(at);
        return offset <= data.Length - start ? start + offset : throw Malformed(at, $"an offset of {offset} beyond the data");
    }

    private int Length(int at)
    {
        var word = Word(at);
        return IsZero(word[..28]) && (word[28] & 0x80) == 0
            ? BinaryPrimitives.ReadInt32BigEndian(word[28..])
            : throw Malformed(at, "an offset or length beyond 2^31");
    }

    private ReadOnlySpan<byte> Word(int at)
    {
        if (at > data.Length - 32)
        {
            throw Malformed(at, $"a word where {Math.Max(0, data.Length - at)} bytes are left");
        }

        Spend(1, at);
        return data.Span.Slice(at, 32);
    }

    private void Spend(int words, int at)
    {
        wordsLeft -= words;
        if (wordsLeft < 0)
        {
            throw Malformed(at, "data that is read more than once");
        }
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)0) < 0;

    private static AbiException Malformed(int at, string found) => new($"Malformed ABI data at byte {at}: {found}.");
}
