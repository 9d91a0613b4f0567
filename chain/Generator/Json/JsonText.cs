using System.Globalization;
using System.Text;

namespace Dweb.Chain.Generator.Json;

/// <summary>
/// Reads JSON into dictionaries, lists, strings, numbers and booleans. A generator runs inside the compiler, where a JSON
/// package would have to be shipped and loaded beside it; an ABI file needs no more than this.
/// </summary>
internal sealed class JsonText
{
    private const int MaxDepth = 64;

    private readonly string text;
    private int position;
    private int depth;

    private JsonText(string text) => this.text = text;

    public static object? Parse(string text)
    {
        var reader = new JsonText(text);
        var value = reader.ReadValue();
        reader.SkipSpace();
        return reader.position == text.Length ? value : throw reader.Unexpected();
    }

    private object? ReadValue()
    {
        if (++depth > MaxDepth)
        {
            throw Unexpected();
        }

        SkipSpace();
        object? value = Peek() switch
        {
            '{' => ReadObject(),
            '[' => ReadArray(),
            '"' => ReadString(),
            't' => ReadWord("true", true),
            'f' => ReadWord("false", false),
            'n' => ReadWord("null", null),
            _ => ReadNumber(),
        };
        depth--;
        return value;
    }

    private Dictionary<string, object?> ReadObject()
    {
        var result = new Dictionary<string, object?>();
        position++;
        SkipSpace();
        if (TryTake('}'))
        {
            return result;
        }

        do
        {
            SkipSpace();
            string name = ReadString();
            SkipSpace();
            Take(':');
            result[name] = ReadValue();
            SkipSpace();
        }
        while (TryTake(','));
        Take('}');
        return result;
    }

    private List<object?> ReadArray()
    {
        var result = new List<object?>();
        position++;
        SkipSpace();
        if (TryTake(']'))
        {
            return result;
        }

        do
        {
            result.Add(ReadValue());
            SkipSpace();
        }
        while (TryTake(','));
        Take(']');
        return result;
    }

    private string ReadString()
    {
        Take('"');
        var result = new StringBuilder();
        while (Peek() != '"')
        {
            char c = text[position++];
            result.Append(c == '\\' ? ReadEscape() : c);
        }

        position++;
        return result.ToString();
    }

    private char ReadEscape()
    {
        char c = Peek();
        position++;
        switch (c)
        {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case 'b': return '\b';
            case 'f': return '\f';
            case 'u':
                if (position + 4 > text.Length
                    || !ushort.TryParse(text.Substring(position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
                {
                    throw Unexpected();
                }

                position += 4;
                return (char)code;
            case '"' or '\\' or '/': return c;
            default: throw Unexpected();
        }
    }

    private object? ReadWord(string word, object? value)
    {
        if (string.CompareOrdinal(text, position, word, 0, word.Length) != 0)
        {
            throw Unexpected();
        }

        position += word.Length;
        return value;
    }

    private double ReadNumber()
    {
        int start = position;
        while (position < text.Length && "+-.0123456789eE".IndexOf(text[position]) >= 0)
        {
            position++;
        }

        return double.TryParse(text.Substring(start, position - start), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw Unexpected();
    }

    private void SkipSpace()
    {
        while (position < text.Length && text[position] is ' ' or '\n' or '\r' or '\t')
        {
            position++;
        }
    }

    private char Peek() => position < text.Length ? text[position] : throw Unexpected();

    private bool TryTake(char c)
    {
        bool found = Peek() == c;
        position += found ? 1 : 0;
        return found;
    }

    private void Take(char c)
    {
        if (!TryTake(c))
        {
            throw Unexpected();
        }
    }

    private AbiFileException Unexpected() => new($"unexpected text at character {position + 1}");
}
