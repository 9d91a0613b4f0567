using System.Globalization;
using System.Numerics;
using Dweb.Chain.Abi;
using Dweb.Core.Protocol;

namespace Dweb.Chain.Tests.Corpus;

/// <summary>Reads a value in cast's notation: lists in brackets, tuples in parentheses, texts inside them in quotes.</summary>
internal sealed class AbiLiteral(string text)
{
    private int position;

    public static AbiValue Read(AbiType type, string text) => type is StringType ? text : new AbiLiteral(text).Read(type);

    private AbiValue Read(AbiType type) => type switch
    {
        ArrayType t => ReadList(']', _ => t.Element),
        TupleType t => ReadList(')', i => t.Components[i]),
        StringType => ReadQuoted(),
        IntegerType => BigInteger.Parse(Token(), CultureInfo.InvariantCulture),
        BooleanType => bool.Parse(Token()),
        AddressType => EvmAddress.Parse(Token()),
        _ => Convert.FromHexString(Token()[2..]),
    };

    private AbiValue ReadList(char close, Func<int, AbiType> typeOf)
    {
        var items = new List<AbiValue>();
        position++;
        while (text[position] != close)
        {
            items.Add(Read(typeOf(items.Count)));
            position += text[position] == ',' ? 1 : 0;
        }

        position++;
        return AbiValue.List(items);
    }

    private string ReadQuoted()
    {
        int end = text.IndexOf('"', position + 1);
        string value = text[(position + 1)..end];
        position = end + 1;
        return value;
    }

    private string Token()
    {
        int end = text.IndexOfAny([',', ')', ']'], position);
        string value = text[position..(end < 0 ? text.Length : end)];
        position += value.Length;
        return value;
    }
}
