using Dweb.Cli.Deploying;
using Dweb.Core.Protocol.Errors;

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

    [Fact]
    public void Scaled_replicas_make_another_deployment_and_an_unknown_service_is_refused()
    {
        File.WriteAllText(file, "services:\n  web:\n    image: demo/web\n    deploy: { resources: { limits: { cpus: \"0.5\", memory: 64m } } }\n");

        var plain = ComposeSource.Read(file, "shop", null);
        var scaled = ComposeSource.Read(file, "shop", null, [new ServiceScale("web", 3)]);
        var unknown = Assert.Throws<DwebException>(() => ComposeSource.Read(file, "shop", null, [new ServiceScale("api", 3)]));
        var twice = Assert.Throws<DwebException>(() => ComposeSource.Read(file, "shop", null, [new ServiceScale("web", 3), new ServiceScale("web", 4)]));

        Assert.Equal((1, 3), (plain.Deployment.Services[0].Replicas, scaled.Deployment.Services[0].Replicas));
        Assert.NotEqual(plain.Text, scaled.Text);
        Assert.Equal("The file has no service 'api'; it has web.", unknown.Message);
        Assert.Equal("Service 'web' is named twice.", twice.Message);
    }
}
