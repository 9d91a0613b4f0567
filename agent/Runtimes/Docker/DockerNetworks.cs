using Docker.DotNet;
using Docker.DotNet.Models;
using Dweb.Agent.State;
using Dweb.Core.Protocol;

namespace Dweb.Agent.Runtimes.Docker;

/// <summary>Networks of deployments as Docker's bridges.</summary>
internal sealed class DockerNetworks(DockerClient client, EngineCalls calls)
{
    private const string BridgeName = "com.docker.network.bridge.name";

    public async Task CreateAsync(NetworkPlan plan, CancellationToken cancellationToken)
    {
        var parameters = new NetworksCreateParameters
        {
            Name = plan.Name,
            Driver = "bridge",
            IPAM = new IPAM { Driver = "default", Config = [new IPAMConfig { Subnet = plan.Subnet.ToString(), Gateway = plan.Gateway.ToString() }] },
            Options = new Dictionary<string, string>(StringComparer.Ordinal) { [BridgeName] = plan.Bridge },
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [ContainerNames.CoeLabel] = plan.Coe.ToString() },
        };
        using var step = DurableSteps.Try(DurableStep.NetworkMade);
        try
        {
            await calls.RunAsync(() => client.Networks.CreateNetworkAsync(parameters, cancellationToken));
        }
        catch (RuntimeException refusal) when (refusal.Fault != RuntimeFault.Unreachable)
        {
            // Docker refuses a second bridge of one name; where it is ours, it is what was asked for.
            if (!(await ListAsync(plan.Coe, cancellationToken)).Contains(plan.Name, StringComparer.Ordinal))
            {
                throw;
            }
        }
    }

    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        using var step = DurableSteps.Try(DurableStep.NetworkRemoved);
        try
        {
            await calls.RunAsync(() => client.Networks.DeleteNetworkAsync(name, cancellationToken));
        }
        catch (RuntimeException missing) when (missing.Fault == RuntimeFault.ContainerMissing)
        {
            // What was asked for is already so.
        }
    }

    public async Task<IReadOnlyList<string>> ListAsync(Hash32 coe, CancellationToken cancellationToken)
    {
        var found = await calls.RunAsync(() => client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = DockerFilters.OfCoe(coe) }, cancellationToken));
        return [.. found.Select(static network => network.Name)];
    }
}
