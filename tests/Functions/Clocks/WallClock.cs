using System.Globalization;

namespace Dweb.Testing;

/// <summary>The wall clock of other processes, by libfaketime: they read their distance from this machine's out of a file, which may change while they run.</summary>
internal sealed class WallClock : IDisposable
{
    // Debian's name for the multiarch folder of this machine is not ours to know.
    private static readonly string? Library = Directory.Exists("/usr/lib")
        ? Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true }).FirstOrDefault()
        : null;

    private readonly string file = Path.GetTempFileName();

    public WallClock() => Set(TimeSpan.Zero);

    /// <summary>Environment of a process that goes by it. Time that only passes, and timeouts, stay true.</summary>
    public (string Name, string Value)[] Environment =>
    [
        ("LD_PRELOAD", Library ?? throw new InvalidOperationException("There is no libfaketime here. Run './dweb test', which installs it, or 'apt-get install faketime'.")),
        ("FAKETIME_TIMESTAMP_FILE", file), ("FAKETIME_NO_CACHE", "1"), ("DONT_FAKE_MONOTONIC", "1"), ("FAKETIME_DONT_RESET", "1"),
    ];

    public void Set(TimeSpan ahead)
    {
        string next = file + ".new";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{ahead.TotalSeconds:+0;-0;+0}\n"));
        File.Move(next, file, overwrite: true);
    }

    public void Dispose() => File.Delete(file);
}
