namespace Dweb.Agent.Machine;

/// <summary>Paths as the kernel writes them where a space divides columns.</summary>
internal static class KernelText
{
    public static string Unescape(string path) => path
        .Replace("\\040", " ", StringComparison.Ordinal)
        .Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal)
        .Replace("\\134", "\\", StringComparison.Ordinal);
}
