using System.Text.RegularExpressions;

namespace Dweb.Core.Manifest;

/// <summary>Paths inside a container on which something may be mounted.</summary>
public static partial class MountPath
{
    private const int MostLength = 255;

    // The engine's own: what is mounted over them would hide the kernel's files or the container's devices.
    private static readonly string[] Reserved = ["/proc", "/sys", "/dev"];

    // Files that the engine writes for name resolution.
    private static readonly string[] Held = ["/etc", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];

    /// <summary>
    /// Absolute, without <c>.</c> and <c>..</c>, without an empty part or one at the end, of characters that no engine reads as anything else; not the root, not
    /// below <c>/proc</c>, <c>/sys</c> or <c>/dev</c>, and not <c>/etc</c> as a whole.
    /// </summary>
    public static bool IsAllowed(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Length <= MostLength
            && Grammar().IsMatch(path)
            && !path.Split('/').Any(static part => part is "." or "..")
            && !Reserved.Any(reserved => path == reserved || path.StartsWith(reserved + "/", StringComparison.Ordinal))
            && !Held.Contains(path, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^(/[A-Za-z0-9._@+-]+)+\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
