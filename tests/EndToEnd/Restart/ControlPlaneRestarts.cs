using Dweb.EndToEnd.Tests.Stack;
using Dweb.Local.Stack;

namespace Dweb.EndToEnd.Tests.Restart;

/// <summary>The control plane is killed while it deploys: what it had accepted is carried out by the next one, once.</summary>
[Trait("Category", "EndToEnd")]
[Collection(RealStack.Collection)]
public sealed class ControlPlaneRestarts(RealStack stack)
{
    private const int Replicas = 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("accepted")]
    [InlineData("opened")]
    public async Task A_deploy_under_way_when_the_control_plane_is_killed_is_finished_once(string killedWhen)
    {
        await stack.ComeToRestAsync(Stop);
        string file = Compose.Write(stack, "restart.yaml", Compose.Single("demo/web", "eu-central", replicas: Replicas));
        string name = "restart-" + killedWhen;
        string order = (await stack.CliAsync(Role.User, Stop, "deploy", file, "--name", name)).Json().GetProperty("orderHash").GetString()!;
        if (killedWhen == "opened")
        {
            await Leases.OfAsync(stack, order, Replicas, Stop);
        }

        await stack.KillControlPlaneAsync(Stop);
        await stack.StartControlPlaneAsync(Stop);
        var deployed = (await stack.CliAsync(Role.User, Stop, "deploy", file, "--name", name, "--wait")).Json();

        Assert.Equal((order, "Running"), (deployed.GetProperty("orderHash").GetString(), deployed.GetProperty("status").GetString()));
        var leases = await Leases.OfAsync(stack, order, Replicas, Stop);
        var replicas = deployed.GetProperty("replicas").EnumerateArray().ToList();
        Assert.Equal(Replicas, replicas.Select(static r => r.GetProperty("coe").GetString()).Distinct(StringComparer.Ordinal).Count());
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        foreach (var replica in replicas)
        {
            using var answer = await http.GetAsync(new Uri(replica.GetProperty("url").GetString()!), Stop);
            Assert.True(answer.IsSuccessStatusCode);
        }

        var containers = await stack.Containers.ListAsync(stack.Local.Hosts.Select(static h => h.Coe), Stop);
        Assert.Equal(leases.Select(static l => l.ToString()).Order(StringComparer.Ordinal), containers.Select(static c => c.Lease).Order(StringComparer.Ordinal));
    }
}
