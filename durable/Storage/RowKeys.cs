using System.Globalization;
using System.Text;

namespace Dweb.Durable.Storage;

/// <summary>Names of rows. A partition is an instance: one row of state, pages of history, and an inbox.</summary>
internal static class RowKeys
{
    public const string Instance = "i";
    public const string HistoryPrefix = "h|";
    public const string InboxPrefix = "e|";
    public const string LivePartition = "live";

    public static string Page(int generation, int page, int part) => string.Create(CultureInfo.InvariantCulture, $"{GenerationPrefix(generation)}{page:x8}|{part:x2}");

    public static string GenerationPrefix(int generation) => string.Create(CultureInfo.InvariantCulture, $"{HistoryPrefix}{generation:x8}|");

    public static (int Generation, int Page) ParsePage(string rowKey)
    {
        var parts = rowKey.Split('|');
        return (Hex(parts[1]), Hex(parts[2]));
    }

    public static string FromOutside(string eventId) => $"{InboxPrefix}x|{Escape(eventId)}";

    public static string FromInstance(string sender, int generation, string action) =>
        string.Create(CultureInfo.InvariantCulture, $"{InboxPrefix}{Escape(sender)}|{generation:x8}|{action}");

    /// <summary>Writes an id so that a key may hold it and no two ids come out alike: letters, digits and a few marks stay, all else becomes %XX of its UTF-8.</summary>
    public static string Escape(string id)
    {
        var escaped = new StringBuilder(id.Length);
        foreach (var b in Encoding.UTF8.GetBytes(id))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)':' or (byte)'@' or (byte)'~')
            {
                escaped.Append((char)b);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }
        return escaped.ToString();
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
