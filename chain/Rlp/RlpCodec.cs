using System.Numerics;

namespace Dweb.Chain.Rlp;

/// <summary>Recursive length prefix: the encoding of transactions. Decoding accepts the canonical form only.</summary>
public static class RlpCodec
{
    private const int ShortLimit = 55;

    // Deeper than anything on the chain; keeps hostile input from exhausting the stack.
    private const int MaxDepth = 64;

    /// <summary>An unsigned integer as RLP has it: big-endian without leading zeros, zero is empty.</summary>
    public static RlpItem Integer(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return new RlpBytes(value.IsZero ? [] : value.ToByteArray(isUnsigned: true, isBigEndian: true));
    }

    public static byte[] Encode(RlpItem item) => item switch
    {
        RlpBytes { Value: [< 0x80] single } => single,
        RlpBytes bytes => [.. Prefix(0x80, bytes.Value.Length), .. bytes.Value],
        RlpList list => EncodeList(list),
        _ => throw new RlpException($"No encoding for {item.GetType().Name}."),
    };

    /// <exception cref="RlpException">Cut short, not canonical, or followed by more bytes.</exception>
    public static RlpItem Decode(ReadOnlySpan<byte> data)
    {
        var item = Read(data, 0, out int used);
        return used == data.Length ? item : throw new RlpException($"{data.Length - used} bytes follow the item.");
    }

    private static byte[] EncodeList(RlpList list)
    {
        byte[] body = [.. list.Items.SelectMany(Encode)];
        return [.. Prefix(0xc0, body.Length), .. body];
    }

    private static byte[] Prefix(byte offset, int length)
    {
        if (length <= ShortLimit)
        {
            return [(byte)(offset + length)];
        }

        byte[] digits = new BigInteger(length).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [(byte)(offset + ShortLimit + digits.Length), .. digits];
    }

    private static RlpItem Read(ReadOnlySpan<byte> data, int depth, out int used)
    {
        if (data.IsEmpty)
        {
            throw new RlpException("An item is missing.");
        }

        if (depth > MaxDepth)
        {
            throw new RlpException($"Lists are nested more than {MaxDepth} deep.");
        }

        byte first = data[0];
        if (first < 0x80)
        {
            used = 1;
            return new RlpBytes([first]);
        }

        bool isList = first >= 0xc0;
        var body = Body(data, isList ? first - 0xc0 : first - 0x80, out used);
        if (isList)
        {
            return ReadList(body, depth);
        }

        return body is [< 0x80] ? throw new RlpException("A single small byte has a prefix it must not have.") : new RlpBytes(body.ToArray());
    }

    private static RlpList ReadList(ReadOnlySpan<byte> body, int depth)
    {
        var items = new List<RlpItem>();
        while (!body.IsEmpty)
        {
            items.Add(Read(body, depth + 1, out int used));
            body = body[used..];
        }

        return new RlpList(items);
    }

    /// <summary>The bytes after the prefix, whose length is in the prefix (up to 55) or in the digits that follow it.</summary>
    private static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> data, int code, out int used)
    {
        int start = 1;
        long length = code;
        if (code > ShortLimit)
        {
            int digits = code - ShortLimit;
            if (digits > data.Length - 1)
            {
                throw new RlpException("A length is cut short.");
            }

            var value = new BigInteger(data.Slice(1, digits), isUnsigned: true, isBigEndian: true);
            if (data[1] == 0 || value <= ShortLimit)
            {
                throw new RlpException("A length is not in its shortest form.");
            }

            start += digits;
            length = value <= int.MaxValue ? (long)value : int.MaxValue;
        }

        if (length > data.Length - start)
        {
            throw new RlpException($"An item of {length} bytes has {data.Length - start}.");
        }

        used = start + (int)length;
        return data.Slice(start, (int)length);
    }
}
