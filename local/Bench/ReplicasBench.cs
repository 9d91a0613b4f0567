using System.Collections.Concurrent;
using System.Globalization;
using Dweb.Local.Demo;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;
using Spectre.Console;

namespace Dweb.Local.Bench;

/// <summary>One round, in milliseconds.</summary>
/// <param name="Order">First byte of the order until Running was committed, over all COEs of the stack.</param>
/// <param name="Engine">The engine alone, by its API, four containers at a time.</param>
/// <param name="Swarm">Docker Swarm, until it lists all replicas as running.</param>
/// <param name="Converged">Docker Swarm, until its <c>service create</c> ends, which watches the replicas for some seconds more.</param>
internal sealed record ReplicasRound(long Order, long Engine, long Swarm, long Converged);

/// <summary>Many replicas of one order, in turn with the engine alone and with Docker Swarm, all on the same engine.</summary>
internal sealed class ReplicasBench(Repository repository, LocalStack stack, Tool tool, Screen screen)
{
    public const int Cpus = 50;
    public const int Memory = 16;
    private const int AtATime = 4;

    /// <param name="image">Repository and digest as the engine names them.</param>
    public async Task<IReadOnlyList<ReplicasRound>> Measure(string image, int replicas, int rounds, CancellationToken stop)
    {
        var manifest = Path.Combine(repository.Generated, "replicas.yaml");
        await File.WriteAllTextAsync(manifest, Manifest(replicas), stop);
        using var engine = new EngineApi(stack.Engine);
        var measured = new List<ReplicasRound>();
        for (var i = 1; i <= rounds; i++)
        {
            var order = await Order(manifest, string.Create(CultureInfo.InvariantCulture, $"replicas-{i}"), stop);
            var alone = await Alone(engine, image, replicas, stop);
            await using var swarm = await Swarm.Begin(stack.Engine, tool, stop);
            var (running, converged) = await swarm.Run(image, replicas, Cpus, Memory, DemoImage.Port, stop);
            var round = new ReplicasRound(order, alone, running, converged);
            measured.Add(round);
            screen.Detail(string.Create(CultureInfo.InvariantCulture, $"order {round.Order} ms · engine alone {round.Engine} ms · Swarm {round.Swarm} ms, {round.Converged} ms until converged"));
        }

        return measured;
    }

    public static void Show(Screen screen, int replicas, IReadOnlyList<ReplicasRound> rounds)
    {
        var table = new Table().AddColumn(string.Create(CultureInfo.InvariantCulture, $"{replicas} replicas, medians of {rounds.Count}"))
            .AddColumn(new TableColumn("ms").RightAligned()).AddColumn(new TableColumn("order / this").RightAligned());
        var order = BenchResult.Median(rounds.Select(static r => r.Order));
        foreach (var (name, ms) in ((string, long)[])
                 [
                     ("one order until Running", order), ("engine alone, by API, four at a time", BenchResult.Median(rounds.Select(static r => r.Engine))),
                     ("Docker Swarm until all replicas run", BenchResult.Median(rounds.Select(static r => r.Swarm))),
                     ("Docker Swarm's service create", BenchResult.Median(rounds.Select(static r => r.Converged))),
                 ])
        {
            table.AddRow(name, ms.ToString(CultureInfo.InvariantCulture), ((decimal)order / ms).ToString("0.00", CultureInfo.InvariantCulture));
        }

        screen.Table(table);
    }

    private async Task<long> Order(string manifest, string name, CancellationToken stop)
    {
        var order = await RunningOrder.Deploy(stack.Cli, manifest, name, stop);
        await stack.Cli.Run(Role.User, stop, "close", name, "--wait");
        return order.GetProperty("runningAtMs").GetInt64() - order.GetProperty("acceptedAtMs").GetInt64();
    }

    /// <returns>Milliseconds in which the engine alone, by its API, starts so many, four at a time.</returns>
    public static async Task<long> Alone(EngineApi engine, string image, int replicas, CancellationToken stop)
    {
        var ids = new ConcurrentBag<string>();
        var four = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = stop };
        var started = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, replicas), four, async (_, s) => ids.Add(await engine.Run(image, Cpus, Memory, DemoImage.Port, s)));
        var took = (long)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        await Parallel.ForEachAsync(ids, four, async (id, s) => await engine.Remove(id, s));
        return took;
    }

    /// <summary>One order of many small replicas.</summary>
    public static string Manifest(int replicas) => string.Create(CultureInfo.InvariantCulture, $"""
        name: replicas
        services:
          web:
            image: demo/web
            ports: ["{DemoImage.Port}"]
            stop_grace_period: 1s
            deploy:
              replicas: {replicas}
              resources:
                limits:
                  cpus: "0.05"
                  memory: {Memory}m
            x-dweb:
              regions: [eu-central]
              storage: 64m
        x-dweb:
          duration: 1h
          prepay: 20m

        """);
}
