using System.Numerics;
using CsCheck;
using Dweb.Core.Protocol;

namespace Dweb.Core.Tests.Protocol;

public sealed class AmountTests
{
    [Theory]
    [InlineData("12.5", "12500000000000000000")]
    [InlineData("0", "0")]
    [InlineData("0.000000000000000001", "1")]
    [InlineData("1.0000000000000000000000", "1000000000000000000")]
    [InlineData(" 7 ", "7000000000000000000")]
    [InlineData("1000wei", "1000")]
    [InlineData("1000 WEI", "1000")]
    public void Amounts_are_read_exactly(string text, string wei) => Assert.Equal(BigInteger.Parse(wei), Amount.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e18")]
    [InlineData("1,000")]
    [InlineData("1.5wei")]
    [InlineData("wei")]
    [InlineData("0x10")]
    [InlineData("1.0000000000000000001")]
    [InlineData("１２")]
    public void What_is_no_amount_is_refused(string? text) => Assert.False(Amount.TryParse(text, out _));

    [Theory]
    [InlineData("1234567500000000000000000", "1234567.5", "1,234,567.5")]
    [InlineData("1", "0.000000000000000001", "0.000000000000000001")]
    [InlineData("-1500000000000000000000", "-1500", "-1,500")]
    [InlineData("0", "0", "0")]
    public void Amounts_are_written_without_rounding(string wei, string plain, string grouped)
    {
        Assert.Equal(plain, Amount.Format(BigInteger.Parse(wei)));
        Assert.Equal(grouped, Amount.FormatGrouped(BigInteger.Parse(wei)));
    }

    [Fact]
    public void What_is_written_is_read_back() => Gen.ULong.Array[1, 3].Sample(words =>
    {
        var wei = words.Aggregate(BigInteger.Zero, static (sum, word) => (sum << 64) + word);
        Assert.Equal(wei, Amount.Parse(Amount.Format(wei)));
        Assert.Equal(wei, Amount.Parse($"{wei}wei"));
    });
}
