using System.Globalization;
using Dweb.Local.Processes;
using Dweb.Local.Stack;

namespace Dweb.Local.Bench;

/// <summary>Docker Swarm on the engine of a stack, as a peer: one node, one service of many replicas.</summary>
internal sealed class Swarm(Engine engine, Tool tool) : IAsyncDisposable
{
    private const string Service = "dweb-bench";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <exception cref="LocalException">The engine is a member of a swarm already, which is somebody's.</exception>
    public static async Task<Swarm> Begin(Engine engine, Tool tool, CancellationToken stop)
    {
        var swarm = new Swarm(engine, tool);
        if ((await swarm.Docker(stop, "info", "--format", "{{.Swarm.LocalNodeState}}")).Trim() != "inactive")
        {
            throw new LocalException("The engine is a member of a swarm.", "It is not disturbed; measure on a machine of its own.");
        }

        await swarm.Docker(stop, "swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:0");
        return swarm;
    }

    /// <summary>Each replica publishes the port at one of its host's, as those of an order do.</summary>
    /// <returns>Milliseconds from the request until all replicas run, and until the command has seen them run for long enough to end.</returns>
    public async Task<(long Running, long Converged)> Run(string image, int replicas, int cpus, int memory, int port, CancellationToken stop)
    {
        var all = string.Create(CultureInfo.InvariantCulture, $"{replicas}/{replicas}");
        var started = TimeProvider.System.GetTimestamp();
        var creating = Docker(
            stop, "service", "create", "--quiet", "--no-resolve-image", "--name", Service, "--replicas", Text(replicas), "--limit-cpu", (cpus / 1000m).ToString(CultureInfo.InvariantCulture),
            "--limit-memory", Text(memory) + "M", "--limit-pids", "512", "--cap-drop", "ALL", "--publish", "mode=host,target=" + Text(port), "--stop-grace-period", "1s", image);
        while ((await Docker(stop, "service", "ls", "--filter", "name=" + Service, "--format", "{{.Replicas}}")).Trim() != all)
        {
            await Task.Delay(Poll, stop);
        }

        var running = (long)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        await creating;
        var converged = (long)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        await Docker(stop, "service", "rm", Service);
        while ((await Docker(stop, "ps", "--quiet", "--filter", "label=com.docker.swarm.service.name=" + Service)).Trim().Length > 0)
        {
            await Task.Delay(Poll, stop);
        }

        return (running, converged);
    }

    public async ValueTask DisposeAsync() => await Docker(CancellationToken.None, "swarm", "leave", "--force");

    private Task<string> Docker(CancellationToken stop, params IReadOnlyList<string> arguments) => tool.Require(
        new Launch("docker", ["--host", engine.Host, .. arguments]), "Swarm needs the kernel's vxlan and ipvs.", stop);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
