using System.Diagnostics;

namespace Dweb.Local.Processes;

/// <summary>A program with its arguments, folder and additions to the environment.</summary>
internal sealed record Launch(string FileName, params IReadOnlyList<string> Arguments)
{
    public string? Folder { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Text given on standard input, which is closed after it.</summary>
    public string Input { get; init; } = "";

    /// <summary>As a person would type it, for messages.</summary>
    public string Line => string.Join(' ', Arguments.Prepend(Path.GetFileName(FileName)));

    public static Launch Dotnet(string assembly, params IReadOnlyList<string> arguments) => new("dotnet", [assembly, .. arguments]);

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
