using System.Text.Json.Nodes;
using Dweb.Agent.Isolation;
using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Secrets;
using Dweb.Agent.Startup;
using Dweb.Agent.State;
using Dweb.Agent.Tests.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Agent.Volumes;
using Dweb.Chain.Signing;
using Dweb.Core.Manifest;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Http;

namespace Dweb.Agent.Tests.Whole;

/// <summary>One COE under test: what it was configured with, and what its agent told.</summary>
internal sealed class Coe(World world, Hash32 id, PrivateKey key, string home, JsonObject config, Support.ControlPlane plane) : IAsyncDisposable
{
    public Hash32 Id { get; } = id;

    public PrivateKey Key { get; } = key;

    public JsonObject Config { get; } = config;

    public Support.ControlPlane Plane { get; } = plane;

    public World World { get; } = world;

    public string Home { get; } = home;

    public string Volumes { get; } = DataFolder.VolumesOf(Path.Combine(home, "data"));

    public string Secrets { get; } = DataFolder.SecretsOf(Path.Combine(home, "data"));

    /// <summary>What its agent has its containers run by.</summary>
    public IContainerRuntime Runtime { get; private set; } = world.Runtime;

    /// <summary>A web server that says hello.</summary>
    public ContainerSpec Web(Hash32? image = null) => new(
        "web", World.Repository, image ?? World.Image, null, ["httpd", "-f", "-v", "-p", "8080", "-h", "/www"],
        new SortedDictionary<string, string>(StringComparer.Ordinal), [new PortSpec(8080)], null, RestartPolicy.UnlessStopped, 1);

    public Task<AssignmentDocument> OpenAsync(ContainerSpec spec, CancellationToken cancellationToken, uint seconds = 3_600) =>
        World.Chain.OpenAsync(Id, spec, seconds, cancellationToken);

    /// <summary>Before its agent is started.</summary>
    /// <param name="name">Of the setting.</param>
    public void RunOn(RuntimeUnderTest engine, string name)
    {
        Runtime = engine.Runtime;
        Config["runtime"] = name;
        Config["engine"] = engine.Engine.ToString();
    }

    /// <summary>The whole program in this process, as its command line starts it.</summary>
    public async Task<Agent> StartAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(Home, "agent.json");
        await File.WriteAllTextAsync(path, Config.ToJsonString(), cancellationToken);
        return new Agent(path, cancellationToken);
    }

    public Task<ContainerSnapshot?> ContainerAsync(Hash32 leaseId, CancellationToken cancellationToken) =>
        Runtime.InspectAsync(ContainerNames.Of(leaseId), cancellationToken);

    /// <summary>Waits until the agent has told of a phase.</summary>
    public async Task<LeaseReport> UntilAsync(Hash32 leaseId, LeasePhase phase, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Plane.Reports.LastOrDefault(r => r.LeaseId == leaseId && r.Phase == phase) is { } report)
            {
                return report;
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Plane.DisposeAsync();
        foreach (var container in await Runtime.ListAsync(Id, CancellationToken.None))
        {
            await Runtime.RemoveAsync(container.Id, CancellationToken.None);
        }

        foreach (string network in await Runtime.ListNetworksAsync(Id, CancellationToken.None))
        {
            await Runtime.RemoveNetworkAsync(network, CancellationToken.None);
        }

        var volumes = new LeaseVolumes(Volumes, static () => MountNamespace.Own, new LinesLogger<LeaseVolumes>());
        foreach (var lease in volumes.List())
        {
            await volumes.RemoveAsync(lease, CancellationToken.None);
        }

        var secrets = new SecretFolders(Secrets, static () => MountNamespace.Own);
        foreach (var lease in secrets.List())
        {
            await secrets.RemoveAsync(lease, CancellationToken.None);
        }

        await new Firewall(Id, AddressRange.Default, static () => []).RemoveAsync(CancellationToken.None);
    }
}

/// <summary>An agent that runs until it is disposed, or ends by itself.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping;
    private readonly StringWriter errors = new();

    public Agent(string config, CancellationToken cancellationToken)
    {
        stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Ended = Task.Run(() => AgentProgram.RunAsync(["--config", config], TextWriter.Null, TextWriter.Synchronized(errors), stopping.Token), cancellationToken);
    }

    /// <summary>The exit code.</summary>
    public Task<int> Ended { get; }

    public string Errors => errors.ToString();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Ended;
        stopping.Dispose();
    }
}
