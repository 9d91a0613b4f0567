using System.Text.Json.Nodes;
using Docker.DotNet;
using Docker.DotNet.Models;
using Dweb.Agent.Runtimes.Docker;
using Dweb.Agent.Tests.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Chain.Keystores;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Messages = Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Whole;

[CollectionDefinition(World.Collection)]
public sealed class WorldCollection : ICollectionFixture<World>;

/// <summary>Chain, registry and engine, each real, and an image that is minted.</summary>
public sealed class World : IAsyncLifetime
{
    public const string Collection = "World";

    internal const string Repository = "demo/web";

    private readonly TemporaryFolder folder = new();
    private int agents;

    internal Chain Chain { get; private set; } = null!;

    internal Registry Registry { get; private set; } = null!;

    internal DockerRuntime Runtime { get; } = new(DockerUnderTest.Address);

    /// <summary>Its manifest agrees with its NFT.</summary>
    internal Hash32 Image { get; private set; }

    /// <summary>Minted by the publisher, but its manifest names somebody else.</summary>
    internal Hash32 StolenImage { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        Chain = await Chain.StartAsync(folder.Path, cancel);
        Registry = await Registry.StartAsync(folder.Path, cancel);
        var components = Messages.Image.ComponentsHashOf(200, 1, []);
        Image = await Registry.PublishAsync(Repository, Chain.Publisher, components, cancel);
        StolenImage = await Registry.PublishAsync(Repository, Given.Publisher, components, cancel);
        await Chain.MintAsync(Image, cancel);
        await Chain.MintAsync(StolenImage, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        using var docker = new DockerClientBuilder().WithEndpoint(DockerUnderTest.Address).Build();
        foreach (var image in await docker.Images.ListImagesAsync(new ImagesListParameters { All = true }, CancellationToken.None))
        {
            foreach (string reference in image.RepoDigests?.Where(r => r.StartsWith(Registry.Address.Authority, StringComparison.Ordinal)) ?? [])
            {
                await docker.Images.DeleteImageAsync(reference, new ImageDeleteParameters { Force = true }, CancellationToken.None);
            }
        }

        await Registry.DisposeAsync();
        await Chain.DisposeAsync();
        Runtime.Dispose();
        folder.Dispose();
    }

    /// <summary>A COE of a test's own, registered, with its control plane and a configuration for its agent.</summary>
    internal async Task<Coe> FoundAsync(CancellationToken cancellationToken)
    {
        string name = "coe-" + Interlocked.Increment(ref agents);
        var key = PrivateKey.Create();
        var id = await Chain.RegisterAsync(name, key, cancellationToken);
        string home = Directory.CreateDirectory(folder.File(name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(home, "key.json"), KeystoreV3.Encrypt(key, "secret", KeystoreStrength.Light), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(home, "password"), "secret\n", cancellationToken);
        var plane = await Support.ControlPlane.StartAsync(id);
        var config = new JsonObject
        {
            ["controlPlane"] = plane.Endpoint.ToString(),
            ["rpcUrls"] = new JsonArray(Chain.Endpoint.ToString()),
            ["chainId"] = 31337,
            ["deploymentFile"] = Chain.DeploymentFile,
            ["coe"] = id.ToString(),
            ["keystore"] = "key.json",
            ["passwordFile"] = "password",
            ["dataFolder"] = "data",
            ["engine"] = DockerUnderTest.Address.ToString(),
            ["registry"] = Registry.Address.Authority,
            ["publicAddress"] = "127.0.0.1",
            ["usageIntervalMs"] = 500,
            ["networkRange"] = TestRange.Next().ToString(),
        };
        return new Coe(this, id, key, home, config, plane);
    }
}
