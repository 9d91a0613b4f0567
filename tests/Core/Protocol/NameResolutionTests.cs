using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Core.Tests.Protocol;

public sealed class NameResolutionTests
{
    private static readonly Thing[] Things =
    [
        new(Hash32.Parse("0xaaaa1" + new string('0', 59)), "web"), new(Hash32.Parse("0xaaaa2" + new string('0', 59)), "twin"),
        new(Hash32.Parse("0xbbbb" + new string('0', 60)), "twin"), new(Hash32.Parse("0xcccc" + new string('0', 60)), "aaaa1"),
        new(Hash32.Parse("0xdddd" + new string('0', 60)), null),
    ];

    private sealed record Thing(Hash32 Id, string? Name);

    [Theory]
    [InlineData("web", 0)]
    [InlineData("aaaa2", 1)]
    [InlineData("0xAAAA2", 1)]
    [InlineData("bbbb", 2)]
    [InlineData("0xdddd0000", 4)]
    public void A_name_or_a_unique_prefix_is_enough(string text, int index) => Assert.Equal(Things[index], Resolve(text));

    [Fact]
    public void A_name_comes_before_a_prefix() => Assert.Equal(Things[3], Resolve("aaaa1"));

    [Fact]
    public void A_whole_id_comes_before_a_name()
    {
        var named = Things.Append(new Thing(Hash32.Zero, Things[0].Id.ToString())).ToArray();
        Assert.Equal(Things[0], NameResolution.Resolve(Things[0].Id.ToString(), "thing", named, static t => t.Id, static t => t.Name));
    }

    [Theory]
    [InlineData("twin")]
    [InlineData("aaaa")]
    public void What_fits_two_is_ambiguous(string text)
    {
        var refusal = Assert.Throws<DwebException>(() => Resolve(text));
        Assert.Equal(Catalogue.Ambiguous, refusal.Error);
        Assert.Contains("0xaaaa2", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("bbb")]
    [InlineData("")]
    [InlineData("WEB")]
    public void What_fits_none_is_not_found(string text) => Assert.Equal(Catalogue.NotFound, Assert.Throws<DwebException>(() => Resolve(text)).Error);

    private static Thing Resolve(string text) => NameResolution.Resolve(text, "thing", Things, static t => t.Id, static t => t.Name);
}
