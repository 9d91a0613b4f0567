using System.Net;
using System.Security.Cryptography;
using Docker.DotNet;
using ImageDeleteParameters = Docker.DotNet.Models.ImageDeleteParameters;
using Dweb.Agent.Isolation;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Runtimes.Docker;
using Dweb.Agent.Tests.Support;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Resources;

namespace Dweb.Agent.Tests.Runtimes;

/// <summary>The machine's Docker, an image of our own in it, and a COE whose containers are all removed in the end.</summary>
public sealed class DockerFixture : IAsyncLifetime
{
    internal static readonly Uri Engine = new(Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host : "unix:///var/run/docker.sock");

    internal DockerClient Docker { get; } = new DockerClientBuilder().WithEndpoint(Engine).Build();

    internal DockerRuntime Runtime { get; } = new(Engine);

    internal string Image { get; private set; } = "";

    internal Hash32 Coe { get; } = new(RandomNumberGenerator.GetBytes(32));

    internal AddressRange Range { get; } = TestRange.Next();

    /// <summary>Of the deployment that a plan is of, if it says nothing else.</summary>
    internal NetworkPlan Network => NetworkPlan.Of(Coe, Range, 0);

    public async ValueTask InitializeAsync()
    {
        Image = await BusyboxImage.ImportAsync(Docker, CancellationToken.None);
        await Runtime.CreateNetworkAsync(Network, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var container in await Runtime.ListAsync(Coe, CancellationToken.None))
        {
            await Runtime.RemoveAsync(container.Id, CancellationToken.None);
        }

        foreach (string network in await Runtime.ListNetworksAsync(Coe, CancellationToken.None))
        {
            await Runtime.RemoveNetworkAsync(network, CancellationToken.None);
        }

        await Docker.Images.DeleteImageAsync(Image, new ImageDeleteParameters { Force = true });
        Runtime.Dispose();
        Docker.Dispose();
    }

    internal ContainerPlan Plan(params string[] command) => new(
        new Hash32(RandomNumberGenerator.GetBytes(32)), Keccak256.Hash("order"), Coe, "alpha", 2, Image,
        new ContainerSpec(
            "web", "unused", Hash32.Zero, [BusyboxImage.Entrypoint], command,
            new SortedDictionary<string, string>(StringComparer.Ordinal) { ["GREETING"] = "hello", ["DWEB_COE"] = "forged", ["DWEB_MODE"] = "kept" },
            [new PortSpec(8080)], null, RestartPolicy.No, 1),
        new ResourceVector(500, 32, 64, 10, 1),
        IPAddress.Loopback)
    { Network = Network };

    internal async Task<(ContainerPlan Plan, string Id)> StartAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        string id = await Runtime.CreateAsync(plan, cancellationToken);
        await Runtime.StartAsync(id, cancellationToken);
        return (plan, id);
    }

    internal async Task<ContainerSnapshot> UntilExitedAsync(string id, CancellationToken cancellationToken)
    {
        await Docker.Containers.WaitContainerAsync(id, cancellationToken);
        return (await Runtime.InspectAsync(id, cancellationToken))!;
    }
}
