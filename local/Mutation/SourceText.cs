using System.Text;

namespace Dweb.Local.Mutation;

/// <summary>A source file by byte offsets, which is how the compiler names places in it.</summary>
internal sealed class SourceText(string file, byte[] bytes)
{
    public string File { get; } = file;

    public string Slice(int start, int end) => Encoding.UTF8.GetString(bytes, start, end - start);

    /// <summary>The end of a statement that starts before <paramref name="end"/>: its semicolon, which the syntax tree leaves out, included.</summary>
    public int ThroughSemicolon(int end)
    {
        var at = end;
        while (at < bytes.Length && char.IsWhiteSpace((char)bytes[at]))
        {
            at++;
        }

        return at < bytes.Length && bytes[at] == ';' ? at + 1 : end;
    }

    /// <summary>Where a token stands between two expressions; comments there are passed over. Null when it does not.</summary>
    public int? FindToken(string token, int start, int end)
    {
        var gap = Encoding.Latin1.GetString(bytes, start, end - start);
        for (var at = 0; at < gap.Length;)
        {
            if (string.CompareOrdinal(gap, at, "//", 0, 2) == 0)
            {
                at = After(gap, "\n", at + 2);
            }
            else if (string.CompareOrdinal(gap, at, "/*", 0, 2) == 0)
            {
                at = After(gap, "*/", at + 2);
            }
            else if (string.CompareOrdinal(gap, at, token, 0, token.Length) == 0)
            {
                return start + at;
            }
            else
            {
                at++;
            }
        }

        return null;
    }

    public Mutant Mutate(MutationOperator kind, int start, int end, string replacement)
    {
        var line = Array.LastIndexOf(bytes, (byte)'\n', Math.Max(0, start - 1), start) + 1;
        var lineEnd = Array.IndexOf(bytes, (byte)'\n', start) is >= 0 and var found ? found : bytes.Length;
        // What follows a change that spans lines would read as if it stood on the first of them.
        var rest = end <= lineEnd ? Slice(end, lineEnd) : "";
        return new Mutant(
            File, kind, start, end - start, replacement, bytes.AsSpan(0, line).Count((byte)'\n') + 1,
            Slice(line, lineEnd).Trim(), (Slice(line, start) + replacement + rest).Trim());
    }

    private static int After(string text, string mark, int from) =>
        text.IndexOf(mark, from, StringComparison.Ordinal) is >= 0 and var found ? found + mark.Length : text.Length;
}
