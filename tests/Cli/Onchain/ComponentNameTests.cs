using Dweb.Cli.Onchain;
using Dweb.Core.Protocol;

namespace Dweb.Cli.Tests.Onchain;

public sealed class ComponentNameTests
{
    private const string Owner = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

    [Theory]
    [InlineData("httpd@1.0=80", null, "httpd", "1.0", 80)]
    [InlineData("group/httpd@1.0=1", null, "group/httpd", "1.0", 1)]
    [InlineData("a@b@1=2", null, "a@b", "1", 2)]
    [InlineData(Owner + "/httpd@1.0=65535", Owner, "httpd", "1.0", 65535)]
    public void A_component_is_a_name_a_version_and_a_weight(string text, string? owner, string name, string version, int weight)
    {
        Assert.True(ComponentName.TryParse(text, out var component));
        Assert.Equal(new ComponentName(owner is null ? null : EvmAddress.Parse(owner), name, version, (ushort)weight), component);
    }

    [Theory]
    [InlineData("")]
    [InlineData("httpd")]
    [InlineData("httpd@1.0")]
    [InlineData("httpd=80")]
    [InlineData("@1.0=80")]
    [InlineData("httpd@=80")]
    [InlineData("httpd@1.0=0")]
    [InlineData("httpd@1.0=65536")]
    [InlineData("httpd@1.0=-1")]
    [InlineData("httpd@1.0=1.5")]
    public void Anything_else_is_refused(string text) => Assert.False(ComponentName.TryParse(text, out _));
}
