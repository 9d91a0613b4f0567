using System.Text;

namespace Dweb.Agent.Usage;

/// <summary>One file of the journal, as far as it is what was written.</summary>
/// <param name="Check">Of the last line that is right.</param>
/// <param name="TornAt">Bytes of what is right, where the last line was not written to its end.</param>
/// <param name="IsChanged">A line that was written is not as it was.</param>
internal sealed record JournalReading(IReadOnlyList<JournalLine> Lines, string Check, long? TornAt, bool IsChanged)
{
    public static JournalReading Of(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        var lines = new List<JournalLine>();
        string check = JournalLine.NoCheck;
        int start = 0;
        while (start < bytes.Length)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
            {
                return new JournalReading(lines, check, start, IsChanged: false);
            }

            if (JournalLine.Read(Encoding.UTF8.GetString(bytes, start, length), check, out check) is not { } line)
            {
                return new JournalReading(lines, check, null, IsChanged: true);
            }

            lines.Add(line);
            start += length + 1;
        }

        return new JournalReading(lines, check, null, IsChanged: false);
    }
}
