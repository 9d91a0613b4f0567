namespace Dweb.EndToEnd.Tests.Outages;

/// <summary>What a program of ours wrote to its console: warnings and errors, each with its lines, without the scopes.</summary>
internal static class LogBlocks
{
    public static long LengthOf(string file) => new FileInfo(file).Length;

    /// <param name="from">Where to begin, in bytes.</param>
    public static IReadOnlyList<string> Warnings(string file, long from)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = from;
        using var reader = new StreamReader(stream);
        var blocks = new List<string>();
        bool wanted = false;
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith(' '))
            {
                wanted = line.StartsWith("warn:", StringComparison.Ordinal) || line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal);
                if (wanted)
                {
                    blocks.Add(line);
                }
            }
            else if (wanted && !line.TrimStart().StartsWith("=>", StringComparison.Ordinal))
            {
                blocks[^1] += "\n" + line.Trim();
            }
        }

        return blocks;
    }
}
