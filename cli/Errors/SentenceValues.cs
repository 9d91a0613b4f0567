using System.Globalization;
using System.Numerics;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Errors;

/// <summary>Values as people read them.</summary>
internal static class SentenceValues
{
    private static readonly string[] Resources = ["CPU", "memory", "storage", "bandwidth", "transfer"];

    public static string Tokens(BigInteger wei) => Amount.FormatGrouped(wei) + " DWEB";

    public static string Digest(Hash32 digest) => "sha256:" + digest.ToString()[2..];

    public static string Time(BigInteger seconds) =>
        seconds < 253_402_300_800 ? Time(DateTimeOffset.FromUnixTimeSeconds((long)seconds)) : seconds.ToString(CultureInfo.InvariantCulture);

    public static string TimeOfMs(long atMs) => Time(DateTimeOffset.FromUnixTimeMilliseconds(atMs));

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <param name="index">In the order of a vector.</param>
    public static string Resource(BigInteger index) => index < Resources.Length ? Resources[(int)index] : $"resource {index}";
}
