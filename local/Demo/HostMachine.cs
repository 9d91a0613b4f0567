using Dweb.Local.Processes;
using Dweb.Local.Stack;

namespace Dweb.Local.Demo;

/// <summary>What whoever owns a host's machine can see and do there, by the engine's own program.</summary>
internal sealed class HostMachine(LocalStack stack, Tool tool)
{
    /// <summary>The container of a lease, running or not.</summary>
    public async Task<string> ContainerOf(string lease, CancellationToken stop) =>
        (await Docker(stop, "ps", "--all", "--quiet", "--filter", $"label=io.dweb.lease={lease}")).Trim();

    /// <summary>Keeps a container from all CPU. To the engine it goes on running.</summary>
    public Task Freeze(string container, CancellationToken stop) => Docker(stop, "pause", container);

    private Task<string> Docker(CancellationToken stop, params IReadOnlyList<string> arguments) => tool.Require(
        new Launch("docker", arguments) { Environment = new Dictionary<string, string> { ["DOCKER_HOST"] = stack.Engine.Host } },
        $"Does the engine at {stack.Engine.Socket} answer?", stop);
}
