using Dweb.Cli.Invocation;

namespace Dweb.Cli.Tests.Invocation;

public sealed class AskTextTests
{
    [Fact]
    public void Prices_stand_in_the_order_of_the_resources_and_what_is_not_named_is_free()
    {
        Assert.True(AskText.TryParse("transfer=5, cpu=1,bandwidth=340282366920938463463374607431768211455", out var prices));

        Assert.Equal([1, 0, 0, (System.Numerics.BigInteger)UInt128.MaxValue, 5], prices);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu")]
    [InlineData("cpu=")]
    [InlineData("cpu=-1")]
    [InlineData("cpu=1.5")]
    [InlineData("gpu=1")]
    [InlineData("cpu=1,cpu=2")]
    [InlineData("cpu=340282366920938463463374607431768211456")]
    public void What_is_no_price_is_refused(string text) => Assert.False(AskText.TryParse(text, out _));
}
