using Dweb.Local.Terminal;

namespace Dweb.Local.Stack;

/// <summary>The steps from nothing to a stack that takes orders.</summary>
internal static class Bringup
{
    public static Task Run(LocalStack stack, Screen screen, CancellationToken stop) => Run(stack, screen, Role.Hosts, stop);

    /// <param name="hosts">Those who sell compute.</param>
    public static async Task Run(LocalStack stack, Screen screen, IReadOnlyList<HostRole> hosts, CancellationToken stop)
    {
        await WithoutHosts(stack, screen, stop);
        screen.Step("COE hosts and their agents");
        await stack.RegisterHosts(hosts, stop);
        await stack.StartAgents(stop);
    }

    /// <summary>All but those who sell compute.</summary>
    public static async Task WithoutHosts(LocalStack stack, Screen screen, CancellationToken stop)
    {
        screen.Step("Starting storage, chain, registry and engine");
        await stack.StartInfrastructure(stop);
        screen.Step("Wallets and contracts");
        await stack.CreateWallets(stop);
        await stack.DeployContracts(stop);
        screen.Step("Scheduler members and control plane");
        await Task.WhenAll(stack.StartMembers(stop), stack.StartControlPlane(stop));
    }
}
