using System.Globalization;

namespace Dweb.Agent.Metering;

/// <summary>One number of the kernel's: all that a file holds, or what stands behind a name in it.</summary>
/// <param name="Unit">What the file counts in.</param>
internal readonly record struct CounterFile(string Path, string? Name = null, ulong Unit = 1)
{
    /// <exception cref="InvalidDataException">The file has no such name.</exception>
    public ulong Read()
    {
        var text = KernelFile.Read(Path).AsSpan();
        return Unit * ulong.Parse((Name is null ? text : ValueOf(text, Name)).Trim(), CultureInfo.InvariantCulture);
    }

    private ReadOnlySpan<char> ValueOf(ReadOnlySpan<char> text, string name)
    {
        foreach (var line in text.EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ' ')
            {
                return line[name.Length..];
            }
        }

        throw new InvalidDataException($"'{Path}' has no line '{name}'.");
    }
}
