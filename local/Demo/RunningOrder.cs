using System.Text.Json;
using Dweb.Local.Stack;

namespace Dweb.Local.Demo;

/// <summary>Deploys and takes nothing but Running for an answer.</summary>
internal static class RunningOrder
{
    private const int Attempts = 10;

    /// <summary>What <c>dweb deploy</c> says once the order runs and the control plane has written down since when.</summary>
    public static async Task<JsonElement> Deploy(Cli cli, string manifest, string name, CancellationToken stop)
    {
        JsonElement order = default;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // The control plane commits Running first and the time of that commit right after; a repeated deploy answers the same order.
            order = await cli.Run(Role.User, stop, "deploy", manifest, "--name", name, "--wait");
            if (!order.Is("status", "Running"))
            {
                break;
            }

            if (order.GetProperty("runningAtMs").ValueKind == JsonValueKind.Number)
            {
                return order;
            }
        }

        throw new LocalException($"Deployment '{name}' does not run: {order}", "The logs of functions and of the agents tell why: 'dweb local logs', or the state folder's logs.");
    }
}
