using Dweb.Agent.Identity;
using Dweb.Agent.Isolation;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Settings;
using Dweb.Agent.Startup;
using Dweb.Agent.State;
using Dweb.Agent.Tests.Support;
using Dweb.Agent.Tests.Whole;
using Dweb.Agent.Trust;
using Dweb.Chain.Contracts;
using Dweb.Chain.Signing;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;
using Microsoft.Extensions.Hosting;
using Messages = Dweb.Core.Protocol.Messages;

namespace Dweb.Agent.Tests.Several;

/// <summary>A real chain and a real registry, with an image that is minted; engines are in memory.</summary>
public sealed class Shore : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private int coes;

    internal Whole.Chain Chain { get; private set; } = null!;

    internal Registry Registry { get; private set; } = null!;

    internal Hash32 Image { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        Chain = await Whole.Chain.StartAsync(folder.Path, cancel);
        Registry = await Registry.StartAsync(folder.Path, cancel);
        Image = await Registry.PublishAsync(World.Repository, Chain.Publisher, Messages.Image.ComponentsHashOf(200, 1, []), cancel);
        await Chain.MintAsync(Image, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        await Chain.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>A COE with two control planes, whose agent runs.</summary>
    /// <param name="second">In place of the second one.</param>
    internal async Task<Vessel> LaunchAsync(CancellationToken cancellationToken, Uri? second = null)
    {
        string name = "several-" + Interlocked.Increment(ref coes);
        var key = PrivateKey.Create();
        var coe = await Chain.RegisterAsync(name, key, cancellationToken);
        var (a, b) = (await Support.ControlPlane.StartAsync(coe), await Support.ControlPlane.StartAsync(coe));
        var contracts = DeploymentFile.Load(Chain.DeploymentFile);
        var settings = new AgentSettings(
            [a.Endpoint, second ?? b.Endpoint], [], [Chain.Endpoint], 31337, Chain.DeploymentFile, coe, "", "", folder.File(name), RuntimeKind.Docker, new Uri("unix:///nowhere"),
            Registry.Address, System.Net.IPAddress.Loopback, TimeSpan.FromMilliseconds(500), null, AddressRange.Default, 0);
        var data = DataFolder.Open(settings.DataFolder);
        var nodes = ChainNodes.Over(new HttpClient(), settings.RpcUrls, TimeProvider.System);
        var me = new AgentStanding(coe, name, key.Address, new TypedDataDomain(31337, contracts.LeaseBook));
        var identity = await AgentIdentity.NextAsync(data.IdentityFile, cancellationToken);
        var vessel = new Vessel(this, coe, a, b, data, new MemoryEngine());
        await vessel.StartAsync(new Foundations(settings, data, identity, key, me, vessel.Engine, nodes, contracts.LeaseBook, new Unguarded(), new Unguarded()), cancellationToken);
        return vessel;
    }
}

/// <summary>The whole agent of one COE, put together as the program does.</summary>
internal sealed class Vessel(Shore shore, Hash32 coe, Support.ControlPlane a, Support.ControlPlane b, DataFolder data, MemoryEngine engine) : IAsyncDisposable
{
    private readonly ExitStatus exit = new();
    private IHost host = null!;

    public Support.ControlPlane A { get; } = a;

    public Support.ControlPlane B { get; } = b;

    public MemoryEngine Engine { get; } = engine;

    public async Task StartAsync(Foundations foundations, CancellationToken cancellationToken)
    {
        host = Composition.Build(foundations, exit);
        await host.StartAsync(cancellationToken);
    }

    /// <summary>Opens a lease for a web server on this COE.</summary>
    public Task<AssignmentDocument> OpenAsync(CancellationToken cancellationToken) => shore.Chain.OpenAsync(
        coe, Given.Spec() with { Repository = World.Repository, ImageDigest = shore.Image }, 3_600, cancellationToken);

    /// <returns>The program's exit code, once it ends by itself.</returns>
    public async Task<int> EndedAsync(CancellationToken cancellationToken)
    {
        await host.WaitForShutdownAsync(cancellationToken);
        return exit.Code;
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        data.Dispose();
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
