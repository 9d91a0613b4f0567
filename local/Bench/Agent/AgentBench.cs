using System.Globalization;
using Dweb.Local.Bench.Trace;
using Dweb.Local.Demo;
using Dweb.Local.Layout;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;
using Spectre.Console;

namespace Dweb.Local.Bench.Agent;

/// <summary>An assignment, from its arrival until the engine says Running, and a bare create and start taken in turn with it; milliseconds.</summary>
internal sealed record AgentPair(double AssignmentMs, long EngineMs);

/// <param name="Containers">That the agent looked after.</param>
/// <param name="CpuPercent">Of one processor.</param>
/// <param name="ResidentMib">MiB.</param>
internal sealed record AgentRest(string Agent, int Containers, double CpuPercent, double ResidentMib);

/// <summary>What an agent takes of its host: time to start a lease beside the engine alone, and processor and memory while many containers run.</summary>
internal sealed class AgentBench(Repository repository, LocalStack stack, SpanReceiver receiver)
{
    private const string Name = "agent-bench";
    private const int Cpus = 250;
    private const int Memory = 64;

    // Spans are exported every half second.
    private static readonly TimeSpan Export = TimeSpan.FromSeconds(2);

    /// <param name="image">Repository and digest as the engine names them.</param>
    public async Task<IReadOnlyList<AgentPair>> Start(string image, int count, CancellationToken stop)
    {
        var orders = new List<(string Hash, long EngineMs)>();
        using var engine = new EngineApi(stack.Engine);
        for (var i = 0; i <= count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{Name}-{i}");
            var order = await RunningOrder.Deploy(stack.Cli, DeployBench.Manifest(repository), name, stop);
            var started = TimeProvider.System.GetTimestamp();
            var id = await engine.Run(image, Cpus, Memory, DemoImage.Port, stop);
            orders.Add((order.GetProperty("orderHash").GetString()!, (long)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds));
            await engine.Remove(id, stop);
            await stack.Cli.Run(Role.User, stop, "close", name, "--wait");
        }

        await Task.Delay(Export, stop);

        // The first came to an agent that had compiled nothing yet, and brought the image.
        return [.. orders.Skip(1).Select(order => new AgentPair(AssignmentMs(order.Hash), order.EngineMs))];
    }

    /// <summary>Lets containers run and does nothing else.</summary>
    public async Task<IReadOnlyList<AgentRest>> Rest(int replicas, TimeSpan watched, CancellationToken stop)
    {
        var manifest = Path.Combine(repository.Generated, "agent-bench.yaml");
        await File.WriteAllTextAsync(manifest, ReplicasBench.Manifest(replicas), stop);
        await RunningOrder.Deploy(stack.Cli, manifest, Name, stop);
        var leases = await stack.Cli.Run(Role.User, stop, "ps", Name);
        var hosts = stack.Hosts.ToDictionary(host => host.Role.Agent, host => leases.EnumerateArray().Count(lease => lease.Is("coeName", host.Role.Coe)), StringComparer.Ordinal);
        var before = hosts.Keys.ToDictionary(static agent => agent, agent => ProcessCost.Of(stack.PidOf(agent)), StringComparer.Ordinal);
        var started = TimeProvider.System.GetTimestamp();
        await Task.Delay(watched, stop);
        var took = TimeProvider.System.GetElapsedTime(started);
        var rests = hosts.Select(host =>
        {
            var after = ProcessCost.Of(stack.PidOf(host.Key));
            return new AgentRest(host.Key, host.Value, 100 * (after.Cpu - before[host.Key].Cpu) / took, after.ResidentKib / 1024.0);
        }).ToList();
        await stack.Cli.Run(Role.User, stop, "close", Name, "--wait");
        return rests;
    }

    public static void Show(Screen screen, IReadOnlyList<AgentPair> pairs, IReadOnlyList<AgentRest> rests)
    {
        var table = new Table().AddColumn(string.Create(CultureInfo.InvariantCulture, $"medians of {pairs.Count}")).AddColumn(new TableColumn("ms").RightAligned());
        var assignment = BenchResult.Median(pairs.Select(static pair => (long)(pair.AssignmentMs * 10)));
        var engine = BenchResult.Median(pairs.Select(static pair => pair.EngineMs * 10));
        table.AddRow("assignment until the engine says Running", Text(assignment / 10m)).AddRow("the engine's create and start, by API", Text(engine / 10m)).AddRow("ratio", ((decimal)assignment / engine).ToString("0.00", CultureInfo.InvariantCulture));
        screen.Table(table);

        var rest = new Table().AddColumn("agent").AddColumn(new TableColumn("containers").RightAligned()).AddColumn(new TableColumn("% of a core").RightAligned()).AddColumn(new TableColumn("MiB resident").RightAligned());
        foreach (var agent in rests)
        {
            rest.AddRow(agent.Agent, agent.Containers.ToString(CultureInfo.InvariantCulture), agent.CpuPercent.ToString("0.00", CultureInfo.InvariantCulture), agent.ResidentMib.ToString("0.0", CultureInfo.InvariantCulture));
        }

        screen.Table(rest);
    }

    private double AssignmentMs(string order)
    {
        var spans = receiver.Spans.Where(span => span.Attributes.GetValueOrDefault(TraceTree.OrderTag) == order).ToList();
        var received = spans.Where(static span => span.Name == "assignment received").Select(static span => span.StartNs).DefaultIfEmpty().Min();
        var started = spans.Where(static span => span.Name == "start").Select(static span => span.EndNs).DefaultIfEmpty().Max();
        return received > 0 && started > received
            ? (started - received) / 1e6
            : throw new LocalException($"No agent told of order {order}.", "Its log tells why: the state folder's logs.");
    }

    private static string Text(decimal milliseconds) => milliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
