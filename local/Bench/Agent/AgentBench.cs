using System.Globalization;
using System.Text.Json;
using Dweb.Local.Bench.Trace;
using Dweb.Local.Demo;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;

namespace Dweb.Local.Bench.Agent;

/// <summary>An assignment, from its arrival until the engine says Running, and a bare create and start taken in turn with it; milliseconds.</summary>
internal sealed record AgentPair(double AssignmentMs, long EngineMs);

/// <summary>Many leases at once, from the arrival of the first until the last runs, and the same number by the engine alone and by Docker Swarm in turn with them; milliseconds.</summary>
/// <param name="Engine">By its API, four at a time.</param>
/// <param name="Swarm">Until it lists all of them as running.</param>
/// <param name="Converged">Until its <c>service create</c> ends, which watches them for some seconds more.</param>
internal sealed record AgentRush(double LeasesMs, long Engine, long Swarm, long Converged);

/// <param name="Containers">That the agent looked after.</param>
/// <param name="CpuPercent">Of one processor.</param>
/// <param name="ResidentMib">MiB.</param>
/// <param name="OwnMib">MiB of it that are no files.</param>
internal sealed record AgentRest(int Containers, double CpuPercent, double ResidentMib, double OwnMib);

/// <summary>What one agent takes of its host: time to start leases beside the engine alone and Docker Swarm, processor and memory while many containers run, and its own start.</summary>
internal sealed class AgentBench(Repository repository, LocalStack stack, Tool tool, SpanReceiver receiver)
{
    private const string Name = "agent-bench";
    private const int Cpus = 250;
    private const int Memory = 64;

    // What starts leave to be done is no rest: networks are made ready, code is compiled.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    /// <param name="image">Repository and digest as the engine names them.</param>
    public async Task<IReadOnlyList<AgentPair>> Start(string image, int count, CancellationToken stop)
    {
        var pairs = new List<AgentPair>();
        using var engine = new EngineApi(stack.Engine);
        for (var i = 0; i <= count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{Name}-{i}");
            var order = await RunningOrder.Deploy(stack.Cli, DeployBench.Manifest(repository), name, stop);
            var started = TimeProvider.System.GetTimestamp();
            var id = await engine.Run(image, Cpus, Memory, DemoImage.Port, stop);
            var engineMs = (long)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
            await engine.Remove(id, stop);
            pairs.Add(new AgentPair(await StartMs(order, leases: 1, stop), engineMs));
            await Close(name, stop);
        }

        // The first came to an agent that had compiled nothing yet, and brought the image.
        return pairs[1..];
    }

    /// <param name="image">Repository and digest as the engine names them.</param>
    public async Task<IReadOnlyList<AgentRush>> Rush(string image, int replicas, int rounds, CancellationToken stop)
    {
        var manifest = await Manifest(replicas, stop);
        var rushes = new List<AgentRush>();
        using var engine = new EngineApi(stack.Engine);
        for (var i = 1; i <= rounds; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{Name}-rush-{i}");
            var order = await RunningOrder.Deploy(stack.Cli, manifest, name, stop);
            var leasesMs = await StartMs(order, replicas, stop);
            await Close(name, stop);
            var alone = await ReplicasBench.Alone(engine, image, replicas, stop);
            await using var swarm = await Swarm.Begin(stack.Engine, tool, stop);
            var (running, converged) = await swarm.Run(image, replicas, ReplicasBench.Cpus, ReplicasBench.Memory, DemoImage.Port, stop);
            rushes.Add(new AgentRush(leasesMs, alone, running, converged));
        }

        return rushes;
    }

    /// <summary>Lets containers run and does nothing else.</summary>
    public async Task<AgentRest> Rest(int replicas, TimeSpan watched, CancellationToken stop)
    {
        await RunningOrder.Deploy(stack.Cli, await Manifest(replicas, stop), Name, stop);
        await Task.Delay(Settling, stop);
        var agent = stack.PidOf(Host.Role.Agent);
        var before = ProcessCost.Of(agent);
        var started = TimeProvider.System.GetTimestamp();
        await Task.Delay(watched, stop);
        var took = TimeProvider.System.GetElapsedTime(started);
        var after = ProcessCost.Of(agent);
        await Close(Name, stop);
        return new AgentRest(replicas, 100 * (after.Cpu - before.Cpu) / took, after.ResidentKib / 1024.0, after.OwnKib / 1024.0);
    }

    /// <returns>Milliseconds of each start, until the control plane had heard the agent.</returns>
    public async Task<IReadOnlyList<long>> Restarts(int count, CancellationToken stop)
    {
        var starts = new List<long>();
        for (var i = 0; i < count; i++)
        {
            starts.Add(await stack.RestartAgent(Host, stop));
        }

        return starts;
    }

    private RegisteredHost Host => stack.Hosts[0];

    private Task<double> StartMs(JsonElement order, int leases, CancellationToken stop)
    {
        var hash = order.GetProperty("orderHash").GetString()!;
        return receiver.Until(spans => AgentSpans.StartMs(spans, hash, leases), $"order {hash}", stop);
    }

    private async Task<string> Manifest(int replicas, CancellationToken stop)
    {
        var manifest = Path.Combine(repository.Generated, "agent-bench.yaml");
        await File.WriteAllTextAsync(manifest, ReplicasBench.Manifest(replicas), stop);
        return manifest;
    }

    private Task<JsonElement> Close(string name, CancellationToken stop) => stack.Cli.Run(Role.User, stop, "close", name, "--wait");
}
