using System.Numerics;
using Dweb.Core.Manifest.Compose;

namespace Dweb.Core.Tests.Manifest;

public sealed class TextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("90", 90)]
    [InlineData("45s", 45)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d1h1m1s", 176_461)]
    public void Durations_are_whole_seconds(string text, long seconds)
    {
        Assert.True(DurationText.TryParse(text, out long parsed));
        Assert.Equal(seconds, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("1x")]
    [InlineData("1m1h")]
    [InlineData("1m1m")]
    [InlineData("1h30")]
    [InlineData("1.5h")]
    [InlineData("-1s")]
    [InlineData("10ms")]
    [InlineData("9999999999s")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1024", "1024")]
    [InlineData("10b", "10")]
    [InlineData("64m", "67108864")]
    [InlineData("64MB", "67108864")]
    [InlineData("64MiB", "67108864")]
    [InlineData("1.5g", "1610612736")]
    [InlineData("0.5k", "512")]
    [InlineData("2t", "2199023255552")]
    public void Sizes_are_exact_bytes(string text, string bytes)
    {
        Assert.True(SizeText.TryParse(text, out var parsed));
        Assert.Equal(BigInteger.Parse(bytes), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-1m")]
    [InlineData("1x")]
    [InlineData("1bb")]
    [InlineData("1mm")]
    [InlineData("0.5b")]
    [InlineData("0.3k")]
    [InlineData("1 m m")]
    public void What_is_no_size_is_refused(string text) => Assert.False(SizeText.TryParse(text, out _));

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("  a   b ", new[] { "a", "b" })]
    [InlineData("sh -c 'echo \"hi there\"'", new[] { "sh", "-c", "echo \"hi there\"" })]
    [InlineData("a\\ b \"c\\\"d\" \"e\\f\" ''", new[] { "a b", "c\"d", "e\\f", "" })]
    [InlineData("a'b'\"c\"", new[] { "abc" })]
    public void A_line_is_split_as_a_shell_would(string line, string[] words)
    {
        Assert.True(ShellWords.TrySplit(line, out var split));
        Assert.Equal(words, split);
    }

    [Theory]
    [InlineData("'a")]
    [InlineData("a \"b")]
    [InlineData("a\\")]
    public void A_line_that_ends_inside_a_quote_is_refused(string line) => Assert.False(ShellWords.TrySplit(line, out _));
}
