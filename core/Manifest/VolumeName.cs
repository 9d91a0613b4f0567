using System.Text.RegularExpressions;

namespace Dweb.Core.Manifest;

/// <summary>Names of volumes, as Docker allows them.</summary>
public static partial class VolumeName
{
    /// <summary>Characters.</summary>
    public const int MostLength = 63;

    public static bool IsAllowed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length <= MostLength && Grammar().IsMatch(name);
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Grammar();
}
