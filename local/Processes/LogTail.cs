namespace Dweb.Local.Processes;

/// <summary>The end of a log, for a message about the part that wrote it.</summary>
internal static class LogTail
{
    private const int MaxBytes = 16 * 1024;

    public static string Of(string file, int lines = 10)
    {
        if (!File.Exists(file))
        {
            return "(no output)";
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(-Math.Min(MaxBytes, stream.Length), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd().TrimEnd();
        return text.Length == 0 ? "(no output)" : string.Join('\n', text.Split('\n').TakeLast(lines).Select(l => "    " + l));
    }
}
