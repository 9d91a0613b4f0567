using System.Text;

namespace Dweb.Core.Manifest.Compose;

/// <summary>Splits a command written as one line: white space separates, quotes keep together, a backslash takes the next character as it is.</summary>
internal static class ShellWords
{
    public static bool TrySplit(string line, out IReadOnlyList<string> words)
    {
        var found = new List<string>();
        var word = new StringBuilder();
        bool inWord = false;
        char quote = '\0';
        bool escaped = false;
        foreach (char c in line)
        {
            if (escaped)
            {
                // Inside double quotes a backslash is itself unless it protects something.
                _ = quote == '"' && c is not ('"' or '\\') ? word.Append('\\').Append(c) : word.Append(c);
                escaped = false;
            }
            else if (c == '\\' && quote != '\'')
            {
                escaped = inWord = true;
            }
            else if (quote != '\0')
            {
                _ = c == quote ? word : word.Append(c);
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
                inWord = true;
            }
            else if (!char.IsWhiteSpace(c))
            {
                word.Append(c);
                inWord = true;
            }
            else if (inWord)
            {
                found.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
        }

        if (inWord)
        {
            found.Add(word.ToString());
        }

        words = found;
        return quote == '\0' && !escaped;
    }
}
