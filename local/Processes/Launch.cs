using System.Diagnostics;

namespace Dweb.Local.Processes;

/// <summary>A program with its arguments, folder and additions to the environment.</summary>
internal sealed record Launch(string FileName, params IReadOnlyList<string> Arguments)
{
    private const string Lower = "5";

    public string? Folder { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Text given on standard input, which is closed after it.</summary>
    public string Input { get; init; } = "";

    /// <summary>As a person would type it, for messages.</summary>
    public string Line => string.Join(' ', Arguments.Prepend(Path.GetFileName(FileName)));

    public static Launch Dotnet(string assembly, params IReadOnlyList<string> arguments) => new("dotnet", [assembly, .. arguments]);

    /// <summary>
    /// The same at a lower priority, for work that takes all processors for minutes beside what other programs time out at. Each program that is started here
    /// leads a session, and Linux divides time between sessions first: niceness alone would count only inside its own.
    /// </summary>
    public Launch Yielding() => this with
    {
        FileName = "sh",
        Arguments = ["-c", $$"""{ echo {{Lower}} >/proc/self/autogroup; } 2>/dev/null; exec nice -n {{Lower}} "$0" "$@" """, FileName, .. Arguments],
    };

    public ProcessStartInfo ToStartInfo()
    {
        var info = new ProcessStartInfo(FileName, Arguments) { UseShellExecute = false, WorkingDirectory = Folder ?? "" };
        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }
}
