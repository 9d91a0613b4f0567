using Dweb.Agent.Isolation;
using Dweb.Agent.Machine;
using Dweb.Agent.Runtimes;
using Dweb.Agent.Settings;
using Dweb.Agent.Trust;
using Dweb.Chain.Contracts;
using Dweb.Chain.Rpc;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Agent.Startup;

/// <summary>Everything the agent needs, asked for once before it starts: engine, chain, contracts, and its own registration.</summary>
internal static class Preflight
{
    private static readonly TimeSpan EngineTimeout = TimeSpan.FromSeconds(10);

    /// <returns>Name and version of the engine.</returns>
    /// <exception cref="StartupException">No engine answers, or another one than the settings name.</exception>
    public static async Task<string> CheckEngineAsync(IContainerRuntime runtime, AgentSettings settings, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(EngineTimeout);
        try
        {
            return await runtime.DescribeAsync(limit.Token);
        }
        catch (RuntimeException failure) when (failure.Fault != RuntimeFault.Unreachable)
        {
            throw new StartupException(failure.Code, $"The engine at {settings.Engine} is not to be worked with: {failure.Message}", "Correct 'runtime' or 'engine'.", failure);
        }
        catch (RuntimeException failure)
        {
            throw NoEngine(failure.Message, failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw NoEngine($"no answer from {settings.Engine} within {EngineTimeout.TotalSeconds} s", failure);
        }

        StartupException NoEngine(string what, Exception inner) => new(
            Catalogue.EngineUnreachable,
            $"No container engine answers at {settings.Engine}: {what}",
            $"{settings.Runtime.StartedBy()}, or set 'engine' to its socket.",
            inner);
    }

    /// <exception cref="StartupException">Containers would not be kept from each other and from this host.</exception>
    public static async Task RaiseAsync(Firewall firewall, CancellationToken cancellationToken)
    {
        try
        {
            await firewall.EnsureAsync(cancellationToken);
        }
        catch (HostToolException failure)
        {
            throw new StartupException(
                Catalogue.HostRefused, $"The firewall's rules cannot be put in force: {failure.Message}", "Install Debian's nftables, and run the agent as root or with CAP_NET_ADMIN.", failure);
        }
    }

    /// <exception cref="StartupException">The chain cannot be reached or is another one, or this agent is not registered there.</exception>
    public static async Task<AgentStanding> CheckChainAsync(
        ChainNodes nodes, AgentSettings settings, EvmAddress leaseBook, EvmAddress coeRegistry, EvmAddress key, CancellationToken cancellationToken)
    {
        try
        {
            await CheckChainIdAsync(nodes, settings, cancellationToken);
            await CheckContractAsync(nodes, settings, "LeaseBook", leaseBook, cancellationToken);
            await CheckContractAsync(nodes, settings, "CoeRegistry", coeRegistry, cancellationToken);
            var coe = await nodes.AskAsync(node => new CoeRegistry(node, coeRegistry).CoeOfAsync(settings.Coe, cancellationToken: cancellationToken));
            return CheckRegistration(coe, settings, key, leaseBook);
        }
        catch (RpcUnavailableException failure)
        {
            throw new StartupException(
                Catalogue.ChainUnreachable, $"No chain node answers; tried {string.Join(", ", settings.RpcUrls.Select(static u => u.GetLeftPart(UriPartial.Authority)))}. {failure.Message}",
                "Start the node, or correct 'rpcUrls'.", failure);
        }
        catch (RpcException failure)
        {
            throw new StartupException(Catalogue.ChainUnreachable, $"The chain node refuses to be read. {failure.Message}", "Check 'rpcUrls' and the node's log.", failure);
        }
    }

    // Every node that answers must be of the right chain: a wrong second one would do its harm when the first is away.
    private static async Task CheckChainIdAsync(ChainNodes nodes, AgentSettings settings, CancellationToken cancellationToken)
    {
        await nodes.AskAsync(node => node.GetChainIdAsync(cancellationToken));
        foreach (var node in nodes.All)
        {
            if (await ChainIdOrNullAsync(node, cancellationToken) is { } found && found != settings.ChainId)
            {
                throw new StartupException(
                    Catalogue.WrongChain, $"The node at {node.Rpc.Endpoint.GetLeftPart(UriPartial.Authority)} is of chain {found}; 'chainId' is {settings.ChainId}.",
                    "Correct 'rpcUrls' or 'chainId'.");
            }
        }
    }

    private static async Task<ulong?> ChainIdOrNullAsync(ChainClient node, CancellationToken cancellationToken)
    {
        try
        {
            return await node.GetChainIdAsync(cancellationToken);
        }
        catch (RpcUnavailableException)
        {
            // Another node answers for it.
            return null;
        }
    }

    private static async Task CheckContractAsync(ChainNodes nodes, AgentSettings settings, string name, EvmAddress address, CancellationToken cancellationToken)
    {
        byte[] code = await nodes.AskAsync(node => node.GetCodeAsync(address, BlockTag.Latest, cancellationToken));
        if (code.Length == 0)
        {
            throw new StartupException(
                Catalogue.WrongContract, $"There is no contract at {address}, which '{settings.DeploymentFile}' names as {name}.",
                "Set 'deploymentFile' to the file of this chain's deployment.");
        }
    }

    private static AgentStanding CheckRegistration(Coe coe, AgentSettings settings, EvmAddress key, EvmAddress leaseBook)
    {
        if (coe.Host.IsZero)
        {
            throw new StartupException(Catalogue.CoeUnknown, $"COE {settings.Coe} is not registered on chain {settings.ChainId}.", Catalogue.CoeUnknown.Hint);
        }

        return coe.Agent == key ? new AgentStanding(settings.Coe, coe.Name, key, new TypedDataDomain(settings.ChainId, leaseBook)) : throw new StartupException(
            Catalogue.AgentKeyMismatch, $"COE '{coe.Name}' ({settings.Coe}) is registered with agent key {coe.Agent}; the keystore holds {key}.",
            "Set 'keystore' to the key that the COE was registered with.");
    }
}
