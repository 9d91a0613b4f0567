using System.Globalization;

namespace Dweb.Chain.Abi;

/// <summary>Recursive descent over the canonical text of a type: base type or tuple, then any number of array suffixes.</summary>
internal ref struct AbiTypeParser(string text)
{
    // Deeper than any contract; keeps a hostile text from exhausting the stack.
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<char> rest => text.AsSpan(position);

    private int position;
    private int depth;

    public AbiType ParseWhole()
    {
        var type = ParseType();
        return position == text.Length ? type : throw Unexpected();
    }

    private AbiType ParseType()
    {
        if (++depth > MaxDepth)
        {
            throw new AbiException($"Type '{text}' is nested more than {MaxDepth} deep.");
        }

        var type = rest.StartsWith('(') ? ParseTuple() : ParseElementary();
        int suffixes = 0;
        while (rest.StartsWith('['))
        {
            if (++suffixes > MaxDepth)
            {
                throw new AbiException($"Type '{text}' is nested more than {MaxDepth} deep.");
            }

            type = new ArrayType(type, ParseLength());
        }

        depth--;
        return type;
    }

    private TupleType ParseTuple()
    {
        position++;
        var components = new List<AbiType>();
        if (rest.StartsWith(')'))
        {
            position++;
            return new TupleType(components);
        }

        while (true)
        {
            components.Add(ParseType());
            char next = position < text.Length ? text[position] : '\0';
            position++;
            if (next == ')')
            {
                return new TupleType(components);
            }

            if (next != ',')
            {
                position--;
                throw Unexpected();
            }
        }
    }

    private int? ParseLength()
    {
        int close = rest.IndexOf(']');
        var digits = close < 0 ? throw Unexpected() : rest[1..close];
        if (digits.IsEmpty)
        {
            position += 2;
            return null;
        }

        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length is < 1 or > 1 << 20)
        {
            throw Unexpected();
        }

        position += close + 1;
        return length;
    }

    private AbiType ParseElementary()
    {
        int length = 0;
        while (length < rest.Length && char.IsAsciiLetterOrDigit(rest[length]))
        {
            length++;
        }

        string name = rest[..length].ToString();
        AbiType? type = name switch
        {
            "address" => new AddressType(),
            "bool" => new BooleanType(),
            "string" => new StringType(),
            "bytes" => new BytesType(),
            _ when name.StartsWith("bytes", StringComparison.Ordinal) => Size(name[5..]) is >= 1 and <= 32 and var n ? new FixedBytesType(n) : null,
            _ when name.StartsWith("uint", StringComparison.Ordinal) => Integer(Size(name[4..]), signed: false),
            _ when name.StartsWith("int", StringComparison.Ordinal) => Integer(Size(name[3..]), signed: true),
            _ => null,
        };
        type = type ?? throw Unexpected();
        position += length;
        return type;
    }

    private static IntegerType? Integer(int bits, bool signed) => bits is >= 8 and <= 256 && bits % 8 == 0 ? new IntegerType(bits, signed) : null;

    private static int Size(string digits) =>
        digits.Length is > 0 and <= 3 && digits[0] != '0' && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1;

    private readonly AbiException Unexpected() => new($"'{text}' is not an ABI type: unexpected text at character {position + 1}.");
}
