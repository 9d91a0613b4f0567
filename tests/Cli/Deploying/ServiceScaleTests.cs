using Dweb.Cli.Deploying;

namespace Dweb.Cli.Tests.Deploying;

public sealed class ServiceScaleTests
{
    [Theory]
    [InlineData("web=1", "web", 1)]
    [InlineData("a=b=256", "a=b", 256)]
    public void A_service_and_a_number_are_read(string text, string service, ushort replicas)
    {
        Assert.True(ServiceScale.TryParse(text, out var scale));
        Assert.Equal(new ServiceScale(service, replicas), scale);
        Assert.Equal(text, scale.ToString());
    }

    [Theory]
    [InlineData("web")]
    [InlineData("web=")]
    [InlineData("=3")]
    [InlineData("web=0")]
    [InlineData("web=257")]
    [InlineData("web=-1")]
    [InlineData("web=70000")]
    [InlineData("web= 3")]
    public void Anything_else_is_not(string text) => Assert.False(ServiceScale.TryParse(text, out _));
}
