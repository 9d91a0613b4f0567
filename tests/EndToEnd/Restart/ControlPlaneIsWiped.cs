using System.Text.Json;
using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Restart;

/// <summary>
/// Every table, queue and blob of the control plane is removed while containers run: chain, agents and users give back what it knew, and nobody's container
/// notices.
/// </summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class ControlPlaneIsWiped(RealStack stack)
{
    private const int Replicas = 2;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wiped_control_plane_finds_its_orders_again_and_no_container_restarts()
    {
        await stack.ComeToRestAsync(Stop);
        string file = Compose.Write(stack, "wiped.yaml", Compose.Single("demo/web", "eu-central", replicas: Replicas));
        string order = (await stack.CliAsync(Role.User, Stop, "deploy", file, "--name", "wiped", "--wait")).Json().GetProperty("orderHash").GetString()!;
        var leases = await Leases.OfAsync(stack, order, Replicas, Stop);
        var before = await stack.Containers.ListAsync(stack.Local.Hosts.Select(static h => h.Coe), Stop);
        await Leases.PaidAsync(stack, leases[0], moreThan: 0, Stop);
        uint settled = (await stack.Chain.Book.SettledOfAsync(leases[0], cancellationToken: Stop)).SecondsRun;

        await stack.Local.ResetControlPlane(Stop);
        var found = await UntilRunningAsync(order);
        Assert.Equal(Replicas, found.GetProperty("leases").GetArrayLength());
        Assert.All(found.GetProperty("leases").EnumerateArray(), static lease => Assert.Equal("web", lease.GetProperty("serviceName").GetString()));
        await Leases.PaidAsync(stack, leases[0], settled, Stop);
        Assert.Equal(before, await stack.Containers.ListAsync(stack.Local.Hosts.Select(static h => h.Coe), Stop));

        string again = (await stack.CliAsync(Role.User, Stop, "deploy", file, "--name", "wiped", "--wait")).Json().GetProperty("orderHash").GetString()!;
        Assert.Equal(order, again);
        Assert.Equal("wiped", (await InspectAsync("wiped")).GetProperty("name").GetString());
        (await stack.CliAsync(Role.User, Stop, "close", "wiped", "--wait")).Json();
    }

    private async Task<JsonElement> UntilRunningAsync(string order)
    {
        JsonElement found = default;
        await Deadline.UntilAsync($"order {order} runs again", async _ =>
        {
            var answer = await stack.CliAsync(Role.User, Stop, "inspect", order);
            if (answer.ExitCode != 0)
            {
                return false;
            }

            found = answer.Json().GetProperty("order");
            return found.GetProperty("status").GetString() == "Running" && found.GetProperty("leases").EnumerateArray().All(static lease => lease.GetProperty("serviceName").GetString() == "web");
        }, Stop);
        return found;
    }

    private async Task<JsonElement> InspectAsync(string name) => (await stack.CliAsync(Role.User, Stop, "inspect", name)).Json().GetProperty("order");
}
