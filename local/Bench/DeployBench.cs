using System.Globalization;
using System.Text.Json;
using Dweb.Local.Demo;
using Dweb.Local.Layout;
using Dweb.Local.Processes;
using Dweb.Local.Stack;
using Dweb.Local.Terminal;

namespace Dweb.Local.Bench;

/// <summary>Single-replica orders, taken in turn with bare runs of the same image, ports and limits.</summary>
internal sealed class DeployBench(Repository repository, LocalStack stack, Tool tool, Screen screen)
{
    private const string RunLabel = "io.dweb.bench";

    /// <summary>Names of the deployments that were made; they still run.</summary>
    public IReadOnlyList<string> Deployments => _deployments;

    private const int MostAtOnce = 20;
    private readonly List<string> _deployments = [];
    private int _made;

    public static string Manifest(Repository repository) => Path.Combine(repository.Root, "local", "Demo", "single.yaml");

    /// <param name="image">Repository and digest as the engine names them.</param>
    /// <param name="count">Pairs to take.</param>
    /// <param name="stop">Ends it early.</param>
    public async Task<BenchResult> Measure(string image, int count, CancellationToken stop)
    {
        List<BenchPair> pairs = [];
        for (var i = 1; i <= count; i++)
        {
            var order = await Order(stop);
            var accepted = order.GetProperty("acceptedAtMs").GetInt64();
            var running = order.GetProperty("runningAtMs").GetInt64();
            var docker = await DockerRun(image, stop);
            pairs.Add(new BenchPair(running - accepted, docker, Timeline(order, accepted)));
            screen.Detail(string.Create(CultureInfo.InvariantCulture, $"order to Running {running - accepted} ms · docker run {docker} ms"));
        }

        return new BenchResult(pairs);
    }

    /// <summary>One order and one run that are not counted: the image comes to the host, programs are compiled.</summary>
    public async Task WarmUp(string image, CancellationToken stop)
    {
        await Order(stop);
        await DockerRun(image, stop);
    }

    /// <summary>A deployment whose name no other one here has; the oldest is closed before there are more than the hosts take.</summary>
    private async Task<JsonElement> Order(CancellationToken stop)
    {
        if (_deployments.Count == MostAtOnce)
        {
            await stack.Cli.Run(Role.User, stop, "close", _deployments[0], "--wait");
            _deployments.RemoveAt(0);
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"single-{++_made}");
        var order = await RunningOrder.Deploy(stack.Cli, Manifest(repository), name, stop);
        _deployments.Add(name);
        return order;
    }

    private async Task<long> DockerRun(string image, CancellationToken stop)
    {
        var port = DemoImage.Port.ToString(CultureInfo.InvariantCulture);
        var started = TimeProvider.System.GetTimestamp();
        var id = await Docker(stop, "run", "-d", "--label", RunLabel, "--cpus", "0.25", "--memory", "64m", "--memory-swap", "64m", "--pids-limit", "512", "--cap-drop", "ALL",
            "--security-opt", "no-new-privileges", "-p", "127.0.0.1::" + port, image);
        var took = (long)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        await Docker(stop, "rm", "-f", id.Trim());
        return took;
    }

    private Task<string> Docker(CancellationToken stop, params IReadOnlyList<string> arguments) => tool.Require(
        new Launch("docker", arguments) { Environment = new Dictionary<string, string> { ["DOCKER_HOST"] = stack.Engine.Host } },
        $"Does the engine at {stack.Engine.Socket} answer?", stop);

    private static OrderTimeline Timeline(JsonElement order, long accepted) => new(
        order.TryGetProperty("timeline", out var timeline) && timeline.ValueKind == JsonValueKind.Array
            ? [.. timeline.EnumerateArray().Select(e => (e.GetProperty("step").GetString()!, e.GetProperty("atMs").GetInt64() - accepted))]
            : []);
}
