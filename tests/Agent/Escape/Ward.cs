using System.Net;
using System.Net.Sockets;
using Dweb.Agent.Isolation;
using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Tests.Runtimes;
using Dweb.Agent.Tests.Support;
using Dweb.Agent.Volumes;
using Dweb.Core.Manifest;

namespace Dweb.Agent.Tests.Escape;

/// <summary>
/// A host as a tenant would want it: a program on it that listens everywhere, an address as clouds have for their secrets, and another tenant's web server.
/// All of it is kept from containers by the agent's own rules, which are in force.
/// </summary>
public abstract class Ward(RuntimeUnderTest engine) : IAsyncLifetime
{
    /// <summary>One at a time: the machine has one address of that kind.</summary>
    public const string Collection = "Ward";

    // Where clouds answer with the credentials of a machine.
    private const string Metadata = "169.254.169.254";

    private readonly TemporaryFolder folder = new();
    private readonly TcpListener listener = new(IPAddress.Any, 0);
    private readonly CancellationTokenSource ended = new();
    private LeaseVolumes volumes = null!;

    internal RuntimeUnderTest Engine => engine;

    internal Firewall Firewall { get; private set; } = null!;

    /// <summary>The host in the tenant's network.</summary>
    internal string Gateway => engine.Network.Gateway.ToString();

    internal int HostPort => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The other tenant's server in its own network.</summary>
    internal string Neighbour => new IPAddress([.. engine.Range.Part(1).BaseAddress.GetAddressBytes()[..3], (byte)(engine.Range.Part(1).BaseAddress.GetAddressBytes()[3] + 2)]).ToString();

    /// <summary>Where the host publishes it.</summary>
    internal ushort NeighbourPort { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await engine.InitializeAsync();
        var cancel = TestContext.Current.CancellationToken;
        Firewall = new Firewall(engine.Coe, engine.Range, static () => []);
        await Firewall.EnsureAsync(cancel);
        volumes = new LeaseVolumes(folder.File("volumes"), () => MountNamespace.OfEngine(engine.Engine), new LinesLogger<LeaseVolumes>());
        listener.Start();
        _ = GreetAsync();
        await HostTool.RunAsync("ip", ["address", "replace", Metadata + "/32", "dev", "lo"], null, cancel);
        var neighbours = NetworkPlan.Of(engine.Coe, engine.Range, 1);
        await engine.Runtime.CreateNetworkAsync(neighbours, cancel);
        (_, string id) = await engine.StartAsync(engine.Plan("httpd", "-f", "-p", "8080", "-h", "/www") with { Network = neighbours, PublishOn = IPAddress.Any }, cancel);
        NeighbourPort = (await engine.Runtime.InspectAsync(id, cancel))!.Ports[8080];
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Dispose();
        await HostTool.TryAsync("ip", ["address", "delete", Metadata + "/32", "dev", "lo"], null, CancellationToken.None);
        await engine.DisposeAsync();
        foreach (var lease in volumes.List())
        {
            await volumes.RemoveAsync(lease, CancellationToken.None);
        }

        await Firewall.RemoveAsync(CancellationToken.None);
        folder.Dispose();
        ended.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs a line as a tenant, with a volume at /data.</summary>
    /// <returns>What it wrote.</returns>
    internal async Task<IReadOnlyList<string>> RunAsync(string line, CancellationToken cancellationToken)
    {
        var plan = engine.Shell(line);
        plan = plan with { Mounts = await volumes.EnsureAsync(plan.LeaseId, 16, [new VolumeSpec("/data")], cancellationToken) };
        (_, string id) = await engine.StartAsync(plan, cancellationToken);
        try
        {
            await engine.UntilExitedAsync(id, cancellationToken);
            return (await engine.Runtime.ReadLogAsync(id, 1_000, cancellationToken)).Lines;
        }
        finally
        {
            await engine.Runtime.RemoveAsync(id, CancellationToken.None);
            await volumes.RemoveAsync(plan.LeaseId, CancellationToken.None);
        }
    }

    /// <summary>The same words, filled in: where the host, its secrets and the neighbour are.</summary>
    internal string Fill(string line) => line
        .Replace("GATEWAY", Gateway, StringComparison.Ordinal)
        .Replace("HOSTPORT", Text(HostPort), StringComparison.Ordinal)
        .Replace("METADATA", Metadata, StringComparison.Ordinal)
        .Replace("NEIGHBOURPORT", Text(NeighbourPort), StringComparison.Ordinal)
        .Replace("NEIGHBOUR", Neighbour, StringComparison.Ordinal);

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private async Task GreetAsync()
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                using var caller = await listener.AcceptTcpClientAsync(ended.Token);
                await caller.GetStream().WriteAsync("HTTP/1.0 200 OK\r\n\r\nsecret"u8.ToArray(), ended.Token);
            }
            catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
            {
                // The next one.
            }
        }
    }
}

public sealed class DockerWard() : Ward(new DockerUnderTest());

public sealed class PodmanWard(PodmanService service) : Ward(new PodmanUnderTest(service));
