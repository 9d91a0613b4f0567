using Dweb.Cli.Deploying;

namespace Dweb.Cli.Tests.Deploying;

public sealed class ComposeSourceTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Theory]
    [InlineData("1h", "1h", 60u, 60u)]
    [InlineData("1h", "20m", 7200u, 1200u)]
    [InlineData("1h", "20m", 60u, 60u)]
    public void A_duration_on_the_command_line_carries_what_is_prepaid_along(string duration, string prepay, uint wanted, uint prepaid)
    {
        File.WriteAllText(file, $"services:\n  web:\n    image: demo/web\n    deploy: {{ resources: {{ limits: {{ cpus: \"0.5\", memory: 64m }} }} }}\nx-dweb:\n  duration: {duration}\n  prepay: {prepay}\n");

        var plain = ComposeSource.Read(file, "shop", null);
        var source = ComposeSource.Read(file, "shop", wanted);

        Assert.Equal("shop", source.Deployment.Name);
        Assert.Equal((wanted, prepaid), (source.Deployment.Duration, source.Deployment.Prepay));
        Assert.NotEqual(plain.Text, source.Text);
    }
}
