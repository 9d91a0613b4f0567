using System.Globalization;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>What tests leave to chance.</summary>
internal static class Chance
{
    /// <summary>Another one each time; <c>DWEB_SEED</c> repeats one.</summary>
    public static int Seed { get; } = Environment.GetEnvironmentVariable("DWEB_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
}
