using Dweb.Cli.Commands;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Tests.Commands;

public sealed class PauseCommandsTests
{
    [Theory]
    [InlineData(null, 300u, 1_000u, 300u)]
    [InlineData(null, 300u, 100u, 100u)]
    [InlineData(60, 300u, 100u, 60u)]
    [InlineData(100, 300u, 100u, 100u)]
    public void What_is_resumed_is_funded_as_the_order_prepays_or_as_was_asked(int? asked, uint prepay, uint left, uint seconds) =>
        Assert.Equal(seconds, PauseCommands.Seconds(asked is { } s ? TimeSpan.FromSeconds(s) : null, prepay, left));

    [Theory]
    [InlineData(101, 100u, "100 s of the order's duration are left to fund; 101 s were asked for.")]
    [InlineData(0, 100u, "It is resumed for a second at least.")]
    [InlineData(null, 0u, "The whole duration of the order has been funded: 'dweb update' makes a new one.")]
    public void More_than_the_duration_has_left_is_refused(int? asked, uint left, string words)
    {
        var refused = Assert.Throws<DwebException>(() => PauseCommands.Seconds(asked is { } s ? TimeSpan.FromSeconds(s) : null, 300, left));

        Assert.Equal((Catalogue.InvalidValue, words), (refused.Error, refused.Message));
    }
}
