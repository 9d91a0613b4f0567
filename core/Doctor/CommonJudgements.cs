using System.Globalization;

namespace Dweb.Core.Doctor;

/// <summary>What a user's doctor and a host's judge alike; no I/O.</summary>
public static class CommonJudgements
{
    /// <summary>A chain that makes a block at least so often is not asleep.</summary>
    private const long OldHeadSeconds = 120;

    /// <summary>Blocks may be that far ahead of a right clock, and signed requests off by as much.</summary>
    private const long AheadSeconds = 15;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <param name="now">Unix seconds by this machine's clock.</param>
    /// <param name="head">The newest block's time, Unix seconds.</param>
    public static Finding Clock(long now, ulong head) => (now - (long)head) switch
    {
        < -AheadSeconds and var ahead => Finding.Wrong("clock", $"the newest block is {Seconds(-ahead)} ahead of this machine's clock.", "Set the clock, as by NTP: logins and reports are refused."),
        > OldHeadSeconds and var old => Finding.Warning("clock", $"the newest block is {Seconds(old)} old.", "Either the chain stands still, or this machine's clock is fast."),
        var age => Finding.Ok("clock", $"the newest block is {Seconds(age)} old"),
    };

    /// <summary>Whether others than a file's owner may read or write it.</summary>
    public static bool IsOpenToOthers(UnixFileMode mode) => (mode & Others) != UnixFileMode.None;

    private static string Seconds(long seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:N0} s");
}
