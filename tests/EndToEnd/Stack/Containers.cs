using System.Text;
using Dweb.Local.Processes;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Stack;

/// <param name="State">As the engine says: running, exited, created.</param>
/// <param name="StartedAt">As the engine says.</param>
internal sealed record LeasedContainer(string Id, string Lease, string Coe, string State, string StartedAt);

/// <summary>What the engine runs for COEs, asked with its own client.</summary>
internal sealed class Containers(Tool tool, Engine engine)
{
    private const string Format = """{{.Id}} {{index .Config.Labels "io.dweb.lease"}} {{index .Config.Labels "io.dweb.coe"}} {{.State.Status}} {{.State.StartedAt}}""";

    /// <summary>Containers of these COEs, running or not, in the order of their ids. Others have theirs on the same engine.</summary>
    public async Task<IReadOnlyList<LeasedContainer>> ListAsync(IEnumerable<string> coes, CancellationToken cancellationToken)
    {
        var wanted = coes.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var ids = (await DockerAsync(cancellationToken, "ps", "--all", "--no-trunc", "--quiet", "--filter", "label=io.dweb.coe")).Output;
        var found = new List<LeasedContainer>();
        foreach (string id in ids.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var inspected = await DockerAsync(cancellationToken, "inspect", "--type", "container", "--format", Format, id);
            if (inspected.Succeeded && inspected.Output.Trim().Split(' ') is [_, var lease, var coe, var state, var started] && wanted.Contains(coe))
            {
                found.Add(new LeasedContainer(id, lease, coe, state, started));
            }
        }

        return [.. found.OrderBy(static c => c.Id, StringComparer.Ordinal)];
    }

    /// <returns>Content of a file as a process in the container reads it.</returns>
    public async Task<string> ReadFileAsync(string id, string path, CancellationToken cancellationToken)
    {
        // Encoded, as what a tool writes is read line by line, which says nothing of the last line's end.
        var read = await DockerAsync(cancellationToken, "exec", id, "/bin/busybox", "base64", path);
        Assert.True(read.Succeeded, read.Output + read.Errors);
        return Encoding.UTF8.GetString(Convert.FromBase64String(read.Output));
    }

    /// <returns>All that the engine tells of it.</returns>
    public async Task<string> InspectAsync(string id, CancellationToken cancellationToken) => (await DockerAsync(cancellationToken, "inspect", id)).Output;

    // A container may go between the list and the look at it: that one is not there.
    private Task<ToolResult> DockerAsync(CancellationToken cancellationToken, params IReadOnlyList<string> arguments) =>
        tool.Run(new Launch("docker", ["--host", engine.Host, .. arguments]), heard: null, cancellationToken);
}
