using Docker.DotNet;
using Docker.DotNet.Models;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Runtimes.Docker;
using Dweb.Agent.Tests.Support;

namespace Dweb.Agent.Tests.Runtimes;

/// <summary>An engine behind Docker's API, which images are given to and logs are found by.</summary>
public abstract class DockerApiUnderTest : RuntimeUnderTest
{
    private readonly Lazy<DockerClient> client;

    protected DockerApiUnderTest() => client = new(() => new DockerClientBuilder().WithEndpoint(Engine).Build());

    internal override async Task<long> MeasureLogAsync(string container, CancellationToken cancellationToken)
    {
        string path = (await client.Value.Containers.InspectContainerAsync(container, cancellationToken)).LogPath;
        return Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*").Sum(static file => new FileInfo(file).Length);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        client.Value.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override Task<string> ImportAsync() => BusyboxImage.ImportAsync(client.Value, CancellationToken.None);

    protected override Task ForgetAsync(string image) => client.Value.Images.DeleteImageAsync(image, new ImageDeleteParameters { Force = true });
}

/// <summary>The machine's Docker: the launcher starts one for the tests where none answers.</summary>
public sealed class DockerUnderTest : DockerApiUnderTest
{
    internal static readonly Uri Address = new(Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host : "unix:///var/run/docker.sock");

    internal override RuntimeCapability Documented => RuntimeCapability.None;

    internal override string Name => "Docker";

    internal override IContainerRuntime Open(Uri engine) => new DockerRuntime(engine);

    protected override Task<Uri> StartEngineAsync() => Task.FromResult(Address);
}
