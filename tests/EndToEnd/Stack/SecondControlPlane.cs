using Dweb.Local.Processes;
using Dweb.Local.Stack;
using Dweb.Local.Stack.Parts;

namespace Dweb.EndToEnd.Tests.Stack;

/// <summary>Another control plane over the stack's chain, as somebody else would run it: storage, folder and senders of its own, the same members, the same registry.</summary>
internal sealed class SecondControlPlane : IAsyncDisposable
{
    private readonly List<Child> children = [];

    private SecondControlPlane(string endpoint) => Endpoint = endpoint;

    public string Endpoint { get; }

    public static async Task<SecondControlPlane> StartAsync(RealStack stack, CancellationToken cancellationToken)
    {
        var local = stack.Local;
        var ports = FreePorts.Find(4);
        var addresses = local.Addresses with { Blobs = ports[0], Queues = ports[1], Tables = ports[2], ControlPlane = ports[3] };
        var storage = new StoragePart(stack.Repository, stack.State, addresses, "azurite-2");
        var plane = new ControlPlanePart(stack.Repository, stack.State, addresses, RealStack.Heartbeat, "functions-2", [Role.FirstFriend, Role.SecondFriend]);
        var second = new SecondControlPlane(addresses.Endpoint);
        try
        {
            second.children.Add(await stack.StartPartAsync(storage.Plan(), cancellationToken));
            var registry = new RegistryPart(stack.State, local.Addresses);
            second.children.Add(await stack.StartPartAsync(
                plane.Plan(storage, registry, local.Wallets, local.People[Role.Scheduler], local.DeploymentFile), cancellationToken));
            return second;
        }
        catch
        {
            await second.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var child in Enumerable.Reverse(children))
        {
            await child.Stop(CancellationToken.None);
        }
    }
}
