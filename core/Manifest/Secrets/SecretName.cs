using System.Text.RegularExpressions;

namespace Dweb.Core.Manifest.Secrets;

/// <summary>Names of secrets, and of the files that containers find them in.</summary>
public static partial class SecretName
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
