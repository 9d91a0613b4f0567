using System.Text.Json;
using Dweb.Local.Stack;

namespace Dweb.Local.Demo;

/// <summary>Deploys and takes nothing but Running for an answer.</summary>
internal static class RunningOrder
{
    public static async Task<JsonElement> Deploy(Cli cli, string manifest, string name, CancellationToken stop)
    {
        var order = await cli.Run(Role.User, stop, "deploy", manifest, "--name", name, "--wait");
        return string.Equals(order.GetProperty("status").GetString(), "Running", StringComparison.OrdinalIgnoreCase)
            ? order
            : throw new LocalException($"Deployment '{name}' does not run: {order}", "The logs of functions and of the agents tell why: 'dweb local logs', or the state folder's logs.");
    }
}
